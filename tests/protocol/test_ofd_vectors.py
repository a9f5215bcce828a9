"""Two messages that test FNs made: everything in them is read, agrees with itself, and is written back the same.

Both were published with an OFD library under Apache-2.0: a registration of FFD 1.0 and a re-registration of FFD 1.05.
"""

from datetime import datetime

import pytest

from protocol.ffd.documents import DocumentType, check
from protocol.ffd.tags import TAGS, T
from protocol.ffd.tlv import decode_all, encode, split, tlv, to_json
from protocol.ofd import container, session
from protocol.ofd.container import build_document

REGISTRATION_HEADER = bytes.fromhex("2a08410a81a2000139393939303738393530202020202020310114000000")
REGISTRATION = bytes.fromhex(
    """
    310103eca501011009999907891234567f00000100230982c400000100020107010003011104100039393939303738393132333435363720
    0d0414003132303030303133303030302020202020202020fa030c003131323233333434353536361004040001000000f403040028540e57
    3504060021041c6b81a4e903010000ea0301000020040100002604010001180409008e8e8e20228c8c8c2221040100002204010000f10326
    008caee1aaa2a02c2087a5aba5adeba920afe0aee1afa5aae22c20a42e363620aaaee0af2e2032160408008e94842de2a5e1e225040a0077
    77772e6f66642e727524040c007777772e6e616c6f672e727519040600313131323334fd0312009188912e2080848c888d8891929080928e
    90f5030a0030363230303030303031810673fca34b28720000
    """
)
RE_REGISTRATION_HEADER = bytes.fromhex("2a08410a81a2000139393939303738393030303035343838b40114000000")
RE_REGISTRATION = bytes.fromhex(
    """
    b4012578a50b011009999907890000548800000184ec4c14c20000010004018a0b0086011104100039393939303738393030303035343838
    0d0414003030303030303030303530303835373020202020fa030c003737303232303332373620201004040001000000f40304009855b958
    350406002104aa1075412004010000ea03010000e90301000055040100015604010000540401000026040100064d04010001f5030c003030
    30303030303030303032180411008e8e8e2090808f8a80922de6a5ade2e020f103300031313131343120a32e8caee1aaa2a02c20e3ab2e20
    8ae3e1aaaea2e1aaa0ef20a42e32308020aee4a8e120822d323032f9030c00373730343335383531382020240408006e616c6f672e72755d
    0413006578616d706c65406578616d706c652e636f6dfd030a0098a5adadaead208a2e2016040a004f4f4f20544158434f4da504010002b9
    04010002a4040300322e30a304310031313131343120a32e8caee1aaa2a02c20e3ab2e208ae3e1aaaea2e1aaa0ef0d0aa42e32308020aee4
    a8e120822d323032b3040c00373731323334353637383930c504010000b7040100018106a55ae10c4d750000
    """
)
MESSAGES = pytest.mark.parametrize(
    ("header", "body"),
    [(REGISTRATION_HEADER, REGISTRATION), (RE_REGISTRATION_HEADER, RE_REGISTRATION)],
    ids=["registration", "re-registration"],
)


@MESSAGES
def test_a_session_header_is_read_and_written_back(header: bytes, body: bytes) -> None:
    parsed = session.parse_header(header)
    assert (parsed.p_version, parsed.flags, parsed.crc) == (b"\x00\x01", session.USUAL_FLAGS, 0)
    assert parsed.body_size == len(body)
    parsed.check_crc(body)
    assert session.build_message(parsed.fn_number, body, parsed.p_version) == header + body


@MESSAGES
def test_a_container_is_read_and_written_back(header: bytes, body: bytes) -> None:
    message = container.parse(body)
    message.check_numbers()
    assert message.document_number == 1
    assert message.service_1 == container.SERVICE
    assert (message.sign[:2], message.sign[8:], len(message.sign)) == (b"\x81\x06", b"\0\0", 10)
    assert message.build() == body


@MESSAGES
def test_the_requisites_are_read_and_written_back(header: bytes, body: bytes) -> None:
    document = container.parse(body).document
    [(code, value)] = split(document)
    parts = decode_all(value)
    assert [tag for tag, _value in parts if tag not in TAGS] == []
    assert tlv(code, b"".join(encode(tag, part) for tag, part in parts)) == document


def test_our_own_container_has_the_same_header() -> None:
    message = container.parse(RE_REGISTRATION)
    built = build_document(message.fn_number, 1, message.document, message.sign, varying=bytes.fromhex("84ec4c14"))
    assert built == RE_REGISTRATION


def test_numbers_of_the_two_fns_are_read() -> None:
    assert session.parse_header(RE_REGISTRATION_HEADER).fn_number == "9999078900005488"
    assert container.parse(RE_REGISTRATION).fn_number == "9999078900005488"
    assert session.parse_header(REGISTRATION_HEADER).fn_number == "9999078950"
    assert container.parse(REGISTRATION).fn_number == "999907891234567"


def test_the_re_registration_says_what_it_says() -> None:
    requisites = container.parse(RE_REGISTRATION).requisites()
    assert requisites.text(T.FN_NUMBER) == "9999078900005488"
    assert requisites.text(T.USER_INN) == "7702203276"
    assert requisites.text(T.REGISTRATION_NUMBER) == "0000000005008570"
    assert requisites.time(T.DATE_TIME) == datetime(2017, 3, 3, 11, 38)
    assert requisites.numbers(T.RE_REGISTRATION_REASON) == [1]
    assert requisites.number(T.FFD_VERSION) == 2
    assert int.from_bytes(requisites.raw(T.FISCAL_SIGN)[2:], "big") == 0xAA107541


def test_the_registration_is_readable() -> None:
    readable = to_json(container.parse(REGISTRATION).document)["fiscalReport"]
    assert isinstance(readable, dict)
    assert readable["user"] == 'ООО "МММ"'
    assert readable["retailAddress"] == "Москва, Зеленый проспект, д.66 корп. 2"
    assert readable["dateTime"] == "2016-04-13T14:14:00"


def test_the_check_finds_what_a_registration_of_1_0_lacks() -> None:
    problems = check(DocumentType.REGISTRATION, container.parse(REGISTRATION).document[4:])
    assert "1209 «номер версии ФФД» is missing" in problems


def test_the_check_finds_nothing_wrong_with_the_re_registration() -> None:
    assert check(DocumentType.RE_REGISTRATION, container.parse(RE_REGISTRATION).document[4:]) == []
