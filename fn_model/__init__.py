"""The fiscal storage (ФН): a pure state machine behind its own wire. Bytes and world time in, bytes out.

``FnPort(FiscalStorage.new(load_model(), "9999078900000001")).exchange(frame, world)``.
"""

from fn_model.faults import FnFault
from fn_model.model import FnModel, load_model, model_names
from fn_model.port import FnPort
from fn_model.settings import FnSettings
from fn_model.storage import FiscalStorage

__all__ = ["FiscalStorage", "FnFault", "FnModel", "FnPort", "FnSettings", "load_model", "model_names"]
