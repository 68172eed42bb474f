"""X-Wing decapsulation (FORMAT.md, 4), which Debian's python3-cryptography lacks. Not of constant time;
without re-encryption, which guards keys from those who see what fails: here that is a commitment."""
from hashlib import sha3_256, sha3_512, shake_256
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
Q = 3329
GAMMAS = [pow(17, 2 * int(f"{i:07b}"[::-1], 2) + 1, Q) for i in range(128)]
NTT = [[pow(gamma, j, Q) for j in range(128)] for gamma in GAMMAS]
INVERSE = [[pow(128, -1, Q) * pow(gamma, -j, Q) % Q for gamma in GAMMAS] for j in range(128)]
def transform(f, rows):  # plain and slow: the even and the odd coefficients, each times a matrix
    return [sum(map(int.__mul__, f[odd::2], row)) % Q for row in rows for odd in (0, 1)]
def product(f, g):
    pairs = zip(f[::2], f[1::2], g[::2], g[1::2], GAMMAS)
    return [x for a, b, c, d, gamma in pairs for x in (a * c + b * d * gamma, a * d + b * c)]
def unpack(data, bits):
    number = int.from_bytes(data, "little")
    return [number >> at & (1 << bits) - 1 for at in range(0, 8 * len(data), bits)]
def decompress(data, bits): return [y * Q + (1 << bits - 1) >> bits for y in unpack(data, bits)]
def noise(sigma, n):
    bits = unpack(shake_256(sigma + bytes([n])).digest(128), 1)
    return [bits[i] + bits[i + 1] - bits[i + 2] - bits[i + 3] for i in range(0, 1024, 4)]
def decapsulate(seed, public, ciphertext):  # `public`: the slot's; another gives another secret
    expanded, x_sent = shake_256(seed).digest(96), ciphertext[1088:]
    s = [transform(noise(sha3_512(expanded[:32] + b"\3").digest()[32:], n), NTT) for n in range(3)]
    u = [transform(decompress(ciphertext[320 * i : 320 * i + 320], 10), NTT) for i in range(3)]
    masks = transform([sum(values) for values in zip(*map(product, s, u))], INVERSE)
    w = [(v - mask) % Q for v, mask in zip(decompress(ciphertext[960:1088], 4), masks)]
    message = sum((2 * x + Q // 2) // Q % 2 << i for i, x in enumerate(w)).to_bytes(32, "little")
    k = sha3_512(message + sha3_256(public[:1184]).digest()).digest()[:32]
    own, sent = X25519PrivateKey.from_private_bytes(expanded[64:]), X25519PublicKey.from_public_bytes(x_sent)
    return sha3_256(k + own.exchange(sent) + x_sent + public[1184:] + b"\\.//^\\").digest()
