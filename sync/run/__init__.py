"""Carrying out a plan: submit, follow, collect, reconcile, cancel.

The run meets the service, the journal and the clock through the Protocols of `ports`, and says what happens as events.
Rules it keeps, for the modelled faults: no text is paid for twice without the user's word, and no paid text is lost.
"""
