"""Decrypts one message of the AWS Encryption SDK, version 2, suite 0x0478, on standard input: a reader of our own.

It is written from the public description of the format, in another language and with another AES and HKDF
(python3-cryptography), and knows nothing of src/encryption.

usage: esdk-reader.py KEY_ENCRYPTION_KEY_HEX WRAPPED_DATA_KEY_BASE64 CONTEXT_JSON < MESSAGE > PLAINTEXT

https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
"""
import base64
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

SUITE = 0x0478
LAST = 0xFFFFFFFF


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("the message is cut")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def field(self):
        return self.take(self.number(">H"))


def expand(key, salt, info, length):
    return HKDF(SHA512(), length, salt, info).derive(key)


def read_context(section):
    pairs = Reader(section)
    count = pairs.number(">H") if section else 0
    return {pairs.field().decode(): pairs.field().decode() for _ in range(count)}


def main(kek_hex, wrapped, context_json):
    data_key = aes_key_unwrap(bytes.fromhex(kek_hex), base64.b64decode(wrapped))
    message = Reader(sys.stdin.buffer.read())
    if message.number(">B") != 2 or message.number(">H") != SUITE:
        raise ValueError("another version or suite")
    message_id = message.take(32)
    context = message.field()
    if read_context(context) != json.loads(context_json):
        raise ValueError("another context")
    if message.number(">H") != 1:
        raise ValueError("not one encrypted data key")
    provider, info, sealed = message.field(), message.field(), message.field()
    name = info[:-20]
    if (provider, name, struct.unpack(">II", info[-20:-12])) != (b"holdfast", b"data-key", (128, 12)):
        raise ValueError("another keyring")
    if message.number(">B") != 2:
        raise ValueError("not framed")
    frame_length = message.number(">I")
    commitment = message.take(32)
    header = message.data[: message.at]

    # The serialised context without its length is what the key is sealed with.
    message_key = AESGCM(data_key).decrypt(info[-12:], sealed, context)
    if not hmac.compare_digest(commitment, expand(message_key, message_id, b"COMMITKEY", 32)):
        raise ValueError("the key is not the one committed to")
    cipher = AESGCM(expand(message_key, message_id, struct.pack(">H", SUITE) + b"DERIVEKEY", 32))
    cipher.decrypt(bytes(12), message.take(16), header)

    expected = 1
    while True:
        number = message.number(">I")
        is_last = number == LAST
        if is_last:
            number = message.number(">I")
        if number != expected:
            raise ValueError("frames are out of order")
        iv = message.take(12)
        length = message.number(">I") if is_last else frame_length
        title = b"AWSKMSEncryptionClient Final Frame" if is_last else b"AWSKMSEncryptionClient Frame"
        aad = message_id + title + struct.pack(">IQ", number, length)
        sys.stdout.buffer.write(cipher.decrypt(iv, message.take(length + 16), aad))
        if is_last:
            break
        expected += 1
    if message.at != len(message.data):
        raise ValueError("something stands behind the message")


main(*sys.argv[1:])
