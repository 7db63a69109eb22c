"""The proof under which the roster keeps a student: both values right, or nothing (K43).

Neither the e-mail nor its plain hash is stored; without the file's key and the salt inside it, and
some milliseconds a guess, nobody learns who was here.
"""

import hashlib
import secrets

SALT_BYTES = 16
_COST = 2**12


def new_salt() -> bytes:
    """Return a fresh salt."""
    return secrets.token_bytes(SALT_BYTES)


def proof(student_id: str, email: str, salt: bytes) -> str:
    """Return the salted hash of an ID and an e-mail; the e-mail's case does not count."""
    secret = f"{student_id.strip().upper()}\0{email.strip().casefold()}".encode()
    return hashlib.scrypt(secret, salt=salt, n=_COST, r=8, p=1, dklen=32).hex()
