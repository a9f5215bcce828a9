"""``import kktsim.pyserial`` teaches pyserial the URL ``kkt://``: a till in the process, with no port of the system.

    import kktsim.pyserial
    import serial

    with serial.serial_for_url("kkt://evotor-st2f?state=shift-open&at=2026-11-22T10:00", timeout=1) as port:
        port.write(bytes.fromhex("FE 01 00 00 C4 02"))
        print(port.read(6).hex(" "))  # fe 01 00 00 a3 2e

The host names the model; without one it is the default of ``kktsim serve``. Parameters, as of that command: ``state``
(a preset), ``at`` (world time at the start), ``clock`` (``real`` or ``frozen``), ``pace`` (``off`` or ``real``),
``model-file`` (a path, in place of the host). Each port object has a till of its own, which outlives closing and
opening again; ``port.bench`` is that till with the operator's hands (`kktsim.bench.Bench`): ``port.bench.unplug()``.
"""

import serial

if __name__ not in serial.protocol_handler_packages:
    serial.protocol_handler_packages.append(__name__)
