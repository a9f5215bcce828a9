"""Random lives of a till with its FN and OFD, in process and through the wire, and what must hold all along.

`TillMachine` is a Hypothesis state machine. A user of the package runs it as it is, or with rules of his own::

    class WithMyPosProgram(TillMachine):
        @rule()
        def my_sale(self): ...

    TestMyTill = WithMyPosProgram.TestCase

It begins in one of the named states. After every command it compares the whole bench with what it was before: what is
refused, tried only (check-only bit), or no command at all must leave it as it was; what is accepted is entered into a
book of its own (`ledger`), and every document that came of it is read back and judged by `audit`. At the end the
documented recovery must lead to a till that sells.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device import HANDLERS
from kktsim.device.kkt import to_datetime, to_world
from kktsim.hands.bench import BenchHands
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.testing import presets, strategies
from kktsim.testing.audit import Archive, Auditor, Document
from kktsim.testing.ledger import CASH_AT_Z, FORMS, Ledger, Receipt
from kktsim.testing.snapshot import A_QUESTION_MAY_CHANGE, A_REFUSAL_MAY_CHANGE, differences, snapshot
from protocol.append_log import AppendLog
from protocol.atol.command import COMMANDS, Answer, Command, parse_answer
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, BeginItem, EndItem, SellItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.service import Power, PowerControl
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.status import FullStatus
from protocol.atol.commands.tables import WriteTable
from protocol.atol.fields import date_time_to_bcd
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.fn.commands import Phase
from protocol.fn.frame import ENQ, parse_answer as parse_fn_answer, parse_request
