#!/usr/bin/env python3
"""Restores a Keepsake vault from a folder, by its recovery words: an independent reader of docs/FORMAT.md.

    python3 keepsake_decode.py VAULT OUT < words.txt
Writes OUT/chats/ID/{messages,notes}.jsonl, OUT/attachments/SHA256 and OUT/summary.json, checks every signature, tag,
digest and log root, and ends with 1 on any mismatch. [N]: section N of FORMAT.md. README.md says what it needs."""
import hashlib, hmac, json, re, sys, unicodedata, zstandard
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from xwing import XWing
class Refused(Exception): ...
class Number(str): ...  # one that is not whole, as its JSON text
def demand(condition, what):
    if not condition:
        raise Refused(what)
def sha256(data):
    return hashlib.sha256(data).digest()
def u32_at(data, at):
    return int.from_bytes(data[at : at + 4], "big")
def hkdf(key, info, length, salt=bytes(32)):
    extracted, out = hmac.digest(salt, key, "sha256"), b""
    while len(out) < length:
        out += hmac.digest(extracted, out[-32:] + info + bytes([len(out) // 32 + 1]), "sha256")
    return out
def is_signed(public_hex, signature, message):
    with suppress(InvalidSignature, ValueError):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex)).verify(signature, message) is None
def words_to_seed(typed):  # [4]
    text = re.sub(r"[\d.,;:、，。]+", " ", unicodedata.normalize("NFKC", typed).lower())
    words = re.sub(r"([\u3400-\u9fff])", r" \1 ", text).split()
    paths = (Path(__file__).with_name(f"{name}.txt") for name in ("chinese", "english"))
    chinese, english = (path.read_text("utf-8").split() for path in paths)
    known = {word: i for i, word in enumerate(chinese if set(words) <= set(chinese) else english)}
    demand(len(words) == 24 and set(words) <= set(known), "these are not 24 words of one list")
    number = sum(known[word] << 11 * (23 - i) for i, word in enumerate(words))
    demand(sha256((number >> 8).to_bytes(32, "big"))[0] == number & 255, "the checksum of the words is wrong")
    return (number >> 8).to_bytes(32, "big")
class Reader:  # numbers and parts of a lane [10]
    def __init__(self, data):
        self.data, self.at = data, 0
    def take(self, length):
        demand(self.at + length <= len(self.data), "a table ends early")
        self.at += length
        return self.data[self.at - length : self.at]
    def unsigned(self):
        value, shift, byte = 0, 0, 128
        while byte > 127:
            byte = self.take(1)[0]
            value, shift = value | (byte & 127) << shift, shift + 7
        return value
    def signed(self):
        value = self.unsigned()
        return -(value + 1 >> 1) if value & 1 else value >> 1
    def part(self):
        return self.take(self.unsigned())
def integers(data):
    column = Reader(data)
    is_delta = column.take(1) == b"\1"
    divisor, values = column.unsigned() if is_delta else 1, iter(column.signed, None)
    return accumulate(values, lambda last, step: last + step * divisor) if is_delta else values
def block(column):
    lengths = [column.unsigned() for _ in range(column.unsigned())]
    encoding = {0: "utf-8", 1: "utf-16-le"}[column.take(1)[0]]
    units = Reader(column.part().decode(encoding, "surrogatepass").encode("utf-16-le", "surrogatepass"))
    texts = [units.take(2 * length).decode("utf-16-le", "surrogatepass") for length in lengths]
    demand(units.at == len(units.data), "a block of text is longer than its texts")
    return texts
def templates(column, count):
    known = block(column)
    used = [known[column.unsigned()] for _ in range(count)]
    columns = [integers(column.part()) for _ in range(column.unsigned())]
    def fill(template):
        places = iter(columns + columns[-1:] * len(template))
        def value(mark):
            if mark[0] == "\3":
                return column.part().hex()
            return mark[0][1] if len(mark[0]) == 2 else str(next(next(places))).zfill(ord(mark[0]))
        return re.sub("\4[\1-\4]|[\1-\3]", value, template)
    return [fill(each) for each in used]
def texts_of(count, data):
    column = Reader(data)
    method = column.take(1)[0]
    if method == 1:
        distinct = texts_of(column.unsigned(), column.part())
        return [distinct[column.unsigned()] for _ in range(count)]
    if method == 2:
        return [str(each) for each in accumulate(column.signed() for _ in range(count))]
    known = {0: block, 3: lambda _: [column.part().hex() for _ in range(count)], 4: lambda _: templates(column, count)}
    return known[method](column)
def node_reader(node, lanes):
    _, lane, streams, tag, (_, text_count), key_sets, fields, *element = node
    tags, sets, lengths, ints, texts = (lanes[lane].part() if streams & 1 << bit else None for bit in range(5))
    tags, sets, lengths = iter(tags or b""), Reader(sets or b""), Reader(lengths or b"")
    ints, texts = integers(ints or b"\0"), iter(texts_of(text_count, texts) if texts else [])
    below = [(field[0], node_reader(field, lanes)) for field in fields]
    item = node_reader(element[0], lanes) if element else None
    def read():
        which = next(tags) if streams & 1 else tag
        if which == 5:
            return {below[place][0]: below[place][1]() for place in key_sets[sets.unsigned() if streams & 2 else 0]}
        if which == 6:
            return [item() for _ in range(lengths.unsigned())]
        if which < 2:
            return next(ints) if which else next(texts)
        return Number(next(texts)) if which == 7 else {2: True, 3: False, 4: None}[which]
    return read
def read_table(contents):
    lanes = [Reader(content) for content in contents]
    count, root = json.loads(lanes[0].part())
    read = node_reader(root, lanes)
    demand(all(lane.at == len(lane.data) for lane in lanes), "a lane has a rest")
    return [read() for _ in range(count)]
def utf16(text):
    return text.encode("utf-16-be", "surrogatepass")
def canonical(value):  # MODEL.md 4.1
    if isinstance(value, Number):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value, key=utf16)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))
def row_text(row):
    return canonical({key: value for key, value in row.items() if key != "leaf"})
def leaf_of(row, salt):  # of a forgotten row nothing else is left [11.3, 12]
    return bytes.fromhex(row["forgotten"]) if "forgotten" in row else sha256(b"\0" + salt + row_text(row).encode())
def place_of(row):  # the canonical order of a chat: MODEL.md 4.4
    message = row["message"]
    order = [(len(key), key) for key in [utf16(message["order"])]] if "order" in message else []
    return message["time"]["sent"], order, message.get("ordinal", 0), utf16(canonical(message)), row["leaf"]
def log_root(leaves):  # [12]
    peaks = []
    for count, node in enumerate(leaves):
        while count & 1:
            node, count = sha256(b"\1" + peaks.pop() + node), count >> 1
        peaks.append(node)
    return sha256(b"\2" + len(leaves).to_bytes(8, "big") + b"".join(peaks))

class Vault:
    def __init__(self, path, seed):
        self.path = path
        self.roots = self.unlock(seed)
        self.head = self.newest_head()
        directory = self.state("directory", self.head["directory"], self.head["epoch"])
        self.roots.update((epoch, bytes.fromhex(root)) for epoch, root in directory["past"])
        pages = [self.state("page", ref, self.head["epoch"]) for ref in directory["pages"]]
        self.entries = {entry["id"]: entry for page in pages for entry in page}
        root = self.state("root", self.head["root"], self.head["epoch"])
        tree = self.state("tree", root["tree"]["ref"], root["tree"]["epoch"]) if root["tree"] else []
        self.tree = {each["id"]: each for each in tree if each["id"] in self.entries}
        self.deltas = [self.delta(each) for each in root["deltas"] if each in self.entries]
    def derive(self, key, purpose):
        return hkdf(key, b"keepsake/1/" + purpose.encode() + b"\0" + self.id, 32)
    def find(self, folder, name):
        path = self.path / folder / name
        path = path / "object" if path.is_dir() else path
        return path if path.is_file() else None
    def numbered(self, folder, kind):
        for name in sorted((path.name for path in (self.path / folder).iterdir()), reverse=True):
            path = self.find(folder, name) if re.fullmatch("[0-9]{10}", name) else None
            if path and self.has_header(file := path.read_bytes(), kind):
                yield int(name), file
    def has_header(self, file, kind):  # [2]
        is_ours = file[:4] == b"KPSK" and file[6:8] == kind + b"\0"
        demand(not is_ours or max(file[4:6]) <= 1, "a newer version of Keepsake wrote this vault")
        return is_ours and file[4:6] == b"\1\1"
    def unlock(self, seed):  # the newest slot document that vouches [5]
        authorities = set()
        for number, file in self.numbered("slots", b"S"):
            end = 12 + u32_at(file, 8)
            document = json.loads(file[12:end]) if len(file) == end + 64 else {"authority": "", "leastFormat": 1}
            demand(document["leastFormat"] <= 1, "a newer version of Keepsake wrote this vault")
            authority = document["authority"]
            if not is_signed(authority, file[end:], b"keepsake/1/slots" + file[:end]) or document["version"] != number:
                continue
            self.id, self.document = bytes.fromhex(document["vault"]), document
            pair = XWing(self.derive(seed, "slot/kem"))
            said = b"keepsake/1/authority" + self.id + bytes.fromhex(authority)
            word = hmac.digest(self.derive(seed, "slot/vouch"), said, "sha256").hex()
            for slot in document["slots"]:
                if (slot["kind"], slot["publicKey"], slot["vouch"]) == ("words", pair.public.hex(), word):
                    demand(authority not in authorities, "these words were replaced")
                    box, name = bytes.fromhex(slot["box"]), bytes.fromhex(slot["id"])
                    key = self.derive(pair.decapsulate(box[:1120]), "slot/box"), document["epoch"], None
                    roots = json.loads(self.open("slot", key, name, box[1120:]))["roots"]
                    return {epoch: bytes.fromhex(root) for epoch, root in roots}
            authorities.add(authority)
        raise Refused("no slot document opens with these words")
    def newest_head(self):  # [13]
        devices = {device["writer"]: device for device in self.document["devices"]}
        for number, file in self.numbered("heads", b"H"):
            device, clear = devices.get(u32_at(file, 32)), 37 + 32 * int.from_bytes(file[36:37], "big")
            is_whole = clear + 4 + u32_at(file, clear) + 64 == len(file) and file[24:32] == number.to_bytes(8, "big")
            is_taken = file[8:24] == self.id and device and number < device.get("revokedFrom", 1 << 64)
            if not (is_whole and is_taken and is_signed(device["verify"], file[-64:], b"keepsake/1/head" + file[:-64])):
                continue
            for epoch, root in self.roots.items():
                with suppress(Refused):
                    key, body = (self.derive(root, "head"), epoch, None), file[clear + 4 : -64]
                    body = {**json.loads(self.open("head", key, sha256(file[:clear]), body)), "number": number}
                    break
            else:
                raise Refused("the keys of the newest head are held back")
            demand(body["slots"] <= self.document["version"], "a newer slot document is held back")
            return body
        raise Refused("there is no head")
    def open(self, word, key, name, sealed):  # a sealed object [6]
        (secret, epoch, collection), kind = key, b"keepsake/1/object/" + word.encode()
        context = bytes([1, len(kind)]) + kind + self.id + bytes.fromhex(collection or "00" * 16)
        context += epoch.to_bytes(4, "big") + len(name).to_bytes(4, "big") + name
        keys = hkdf(secret, context, 64, sealed[:32])
        demand(len(sealed) >= 80 and hmac.compare_digest(keys[32:], sealed[32:64]), f"a {word} has another key")
        frames = [sealed[at : at + 65552] for at in range(64, len(sealed), 65552)]
        nonces = [n.to_bytes(11, "big") + bytes([n == len(frames) - 1]) for n in range(len(frames))]
        return b"".join(AESGCM(keys[:32]).decrypt(n, frame, context) for n, frame in zip(nonces, frames))
    def read(self, word, ref, key):  # the content that a ref names [7, 8]
        (pack, offset, length, digest), at, plain = ref, 5, b""
        path = self.find("packs", pack) if re.fullmatch("[0-9a-z]{26}", pack) else None
        demand(path, f"pack {pack} is missing")
        with path.open("rb") as file:
            demand(self.has_header(file.read(8), b"P"), f"pack {pack} has a bad header")
            file.seek(offset)
            packed = self.open(word, key, bytes.fromhex(digest), file.read(length))
        while packed[0] == 1 and at < len(packed):
            end = at + 8 + u32_at(packed, at + 4)
            plain += zstandard.ZstdDecompressor().decompress(packed[at + 8 : end], u32_at(packed, at))
            at = end
        content = {0: packed[5:], 1: plain}[packed[0]]
        demand(len(content) == u32_at(packed, 1) and sha256(content).hex() == digest, f"a {word} is another")
        return content
    def state(self, word, ref, epoch):
        return json.loads(self.read(word, ref, (self.derive(self.roots[epoch], "state"), epoch, None)))
    def key_of(self, collection, epoch):
        return bytes.fromhex(dict(self.entries[collection]["keys"])[epoch]), epoch, collection
    def table(self, refs, key):
        return read_table([self.read("lane", ref, key) if ref else b"" for ref in refs])
    def delta(self, name):  # rows, attachments and log root of each part [11.4]
        key, parts = self.key_of(name, 0), {}
        index = json.loads(self.read("manifest", self.entries[name]["ref"], key))
        rows = iter(self.table(index["lanes"], key))
        files = iter(self.table([index["attachments"]], key) if index["attachments"] else [])
        for part in index["parts"]:
            own = [{**next(rows), "leaf": part["leaf"] + i} for i in range(part["rows"])]
            parts[part["collection"]] = own, [next(files) for _ in range(part["attachments"])], part["logRoot"]
        return parts
    def collection(self, name):  # its rows, attachments and log root [11, 12]
        rows, files, root = [], [], None
        if name in self.tree:
            entry, root = self.tree[name], self.tree[name]["logRoot"]
            moved = dict(self.entries[name].get("moved", []))  # written anew since [9]
            while entry["manifest"][3] in moved:
                entry = {**entry, **moved.pop(entry["manifest"][3])}
            manifest = json.loads(self.read("manifest", entry["manifest"], self.key_of(name, entry["epoch"])))
            for segment in manifest["notes"] + manifest["messages"] + manifest["late"]:
                rows += self.table(segment["lanes"], self.key_of(name, segment["epoch"]))
            for each in manifest["attachments"]:
                files += self.table([each["ref"]], self.key_of(name, each["epoch"]))
        for more_rows, more_files, root in (delta[name] for delta in self.deltas if name in delta):
            rows, files = rows + more_rows, files + more_files
        rows.sort(key=lambda row: row["leaf"])
        demand([row["leaf"] for row in rows] == list(range(len(rows))), f"rows of {name} are missing")
        salt_key = self.derive(bytes.fromhex(self.entries[name]["keys"][0][1]), "salt")
        salts = Cipher(algorithms.AES(salt_key), modes.CTR(bytes(16))).encryptor().update(bytes(16 * len(rows)))
        leaves = [leaf_of(row, salts[16 * i : 16 * i + 16]) for i, row in enumerate(rows)]
        demand(log_root(leaves).hex() == root, f"the log of {name} is another")
        return rows, files, root
    def attachment(self, row, path):  # [11.5]
        key, whole, size = (bytes.fromhex(row["key"]), 0, None), hashlib.sha256(), 0
        with path.open("wb") as file:
            for part in row["parts"]:
                content = self.read("attachment", part if len(part) == 4 else [*part, row["sha256"]], key)
                whole.update(content)
                size += file.write(content)
        demand(whole.hexdigest() == row["sha256"] and size == row["sizeBytes"], "an attachment is another")

def restore(vault, out):
    chats, leaves, files = [], [], {}
    (out / "attachments").mkdir(parents=True)
    for name in sorted(set(vault.tree).union(*vault.deltas) & set(vault.entries)):
        rows, own, root = vault.collection(name)
        leaves.append(sha256(b"\0" + bytes.fromhex(name) + bytes.fromhex(root)))
        files.update((row["sha256"], row) for row in own)
        messages, notes = ([row for row in rows if ("message" in row) is which] for which in (True, False))
        messages.sort(key=place_of)
        (out / "chats" / name).mkdir(parents=True)
        for kind, kept in (("messages", messages), ("notes", notes)):
            (out / "chats" / name / f"{kind}.jsonl").write_text("".join(row_text(row) + "\n" for row in kept), "utf-8")
        counts = {"messages": len(messages), "notes": len(notes), "attachments": len(own)}
        chats.append({"id": name, "name": vault.entries[name]["name"], **counts, "logRoot": root})
    demand(log_root(leaves).hex() == vault.head["contentRoot"], "the content root is another")
    for sha, row in files.items():
        vault.attachment(row, out / "attachments" / sha)
    (out / "summary.json").write_text(json.dumps({"head": vault.head, "chats": chats}, indent=1) + "\n")
    print(f"{len(chats)} collections, {sum(each['messages'] for each in chats)} messages, {len(files)} attachments")
if __name__ == "__main__":
    demand(len(sys.argv) == 3, __doc__)
    try:
        restore(Vault(Path(sys.argv[1]), words_to_seed(sys.stdin.read())), Path(sys.argv[2]))
    except (Refused, FileExistsError, InvalidTag) as error:
        sys.exit(f"refused: {str(error) or 'an object is damaged'}")
