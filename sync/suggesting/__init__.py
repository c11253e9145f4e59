"""What the service suggests for records, as rows of the sheet Suggestions, and what people decide there. Pure.

A row is one suggestion for one record. It is known again by the record, its kind and its words. What is accepted goes
into a cell of the record's row on Records, where the next plan finds it.
"""
