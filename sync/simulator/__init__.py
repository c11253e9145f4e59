"""A local simulator of the text service: the same addresses, the same shapes, made-up texts, no money.

It knows nothing of the rest of this project and meets it only on the wire. Where the service's behaviour is not
known, the docstrings here say "assumed".
"""

from sync.simulator.app import create_app
from sync.simulator.faults import KINDS, Fault, read_faults
from sync.simulator.server import running, serve
from sync.simulator.service import DEFAULT_KEY, Simulator

__all__ = ["DEFAULT_KEY", "KINDS", "Fault", "Simulator", "create_app", "read_faults", "running", "serve"]
