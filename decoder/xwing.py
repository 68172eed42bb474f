"""X-Wing (ML-KEM-768 with X25519, section 4 of docs/FORMAT.md): what Debian's python3-cryptography does not have yet.

Of decapsulation the re-encryption is left out: it guards a secret key against those who can see which ciphertexts fail,
and here a wrong one fails at the key commitment of what it opens. Not made to run in constant time.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Q = 3329
BIT_REVERSED = [int(f"{i:07b}"[::-1], 2) for i in range(128)]
ZETAS, GAMMAS = [pow(17, r, Q) for r in BIT_REVERSED], [pow(17, 2 * r + 1, Q) for r in BIT_REVERSED]


def ntt(poly, inverse=False):
    f, k = list(poly), 127 if inverse else 1
    for size in (2, 4, 8, 16, 32, 64, 128) if inverse else (128, 64, 32, 16, 8, 4, 2):
        for start in range(0, 256, 2 * size):
            zeta, k = ZETAS[k], k + (-1 if inverse else 1)
            for j in range(start, start + size):
                a, b = f[j], f[j + size]
                f[j] = (a + b if inverse else a + zeta * b) % Q
                f[j + size] = (zeta * (b - a) if inverse else a - zeta * b) % Q
    return [x * 3303 % Q for x in f] if inverse else f


def dot(left, right):
    out = [0] * 256
    for f, g in zip(left, right):
        for i in range(128):
            a, b, c, d = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
            out[2 * i] = (out[2 * i] + a * c + b * d * GAMMAS[i]) % Q
            out[2 * i + 1] = (out[2 * i + 1] + a * d + b * c) % Q
    return out


def unpack_bits(data, bits):
    number = int.from_bytes(data, "little")
    return [number >> bits * i & (1 << bits) - 1 for i in range(len(data) * 8 // bits)]


def pack_bits(values, bits):
    return sum(value << bits * i for i, value in enumerate(values)).to_bytes(32 * bits, "little")


def decompress(data, bits):
    return [y * Q + (1 << bits - 1) >> bits for y in unpack_bits(data, bits)]


def noise(seed, n):
    bits = unpack_bits(hashlib.shake_256(seed + bytes([n])).digest(128), 1)
    return ntt([(bits[i] + bits[i + 1] - bits[i + 2] - bits[i + 3]) % Q for i in range(0, 1024, 4)])


def uniform(rho, i, j):
    return [x for x in unpack_bits(hashlib.shake_128(rho + bytes([j, i])).digest(3072), 12) if x < Q][:256]


class XWing:
    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        rho_sigma = hashlib.sha3_512(expanded[:32] + b"\3").digest()
        rho, sigma = rho_sigma[:32], rho_sigma[32:]
        self.s = [noise(sigma, n) for n in range(3)]
        products = [dot([uniform(rho, i, j) for j in range(3)], self.s) for i in range(3)]
        t = [[(a + b) % Q for a, b in zip(product, noise(sigma, 3 + i))] for i, product in enumerate(products)]
        self.kem_public = b"".join(pack_bits(each, 12) for each in t) + rho
        self.x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.x_public = self.x25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = self.kem_public + self.x_public

    def decapsulate(self, ciphertext):
        c, x_ephemeral = ciphertext[:1088], ciphertext[1088:]
        u = [ntt(decompress(c[320 * i : 320 * (i + 1)], 10)) for i in range(3)]
        w = [(v - x) % Q for v, x in zip(decompress(c[960:], 4), ntt(dot(self.s, u), True))]
        message = pack_bits([(2 * x + Q // 2) // Q % 2 for x in w], 1)
        k = hashlib.sha3_512(message + hashlib.sha3_256(self.kem_public).digest()).digest()[:32]
        x = self.x25519.exchange(X25519PublicKey.from_public_bytes(x_ephemeral))
        return hashlib.sha3_256(k + x + x_ephemeral + self.x_public + b"\\.//^\\").digest()
