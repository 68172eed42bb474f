"""python3 keepsake_decode.py VAULT OUT < words.txt restores a Keepsake vault. An independent reader of
docs/FORMAT.md ([N]: its section N), which checks every signature, tag, digest and log root. See README.md."""
import hashlib, hmac, json, re, sys, unicodedata, zstandard
from contextlib import suppress
from itertools import accumulate, islice, repeat
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, aead, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from xwing import decapsulate
class Number(str): ...  # one that is not whole, as its JSON text
NEWER = "a newer version of Keepsake wrote this vault"
def demand(condition, what):
    if not condition: raise ValueError(what)
def sha256(data): return hashlib.sha256(data).digest()
def u32_at(data, at): return int.from_bytes(data[at : at + 4], "big")
def is_signed(public, signature, message):
    with suppress(Exception):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message) is None
def words_to_seed(typed):  # [4]
    text = re.sub(r"[\d.,;:、，。]+", " ", unicodedata.normalize("NFKC", typed).lower())
    words = re.sub(r"([\u3400-\u9fff])", r" \1 ", text).split()
    lists = [(Path(__file__).parent / x).read_text("utf-8").split() for x in ("chinese.txt", "english.txt")]
    known = lists[0] if set(words) <= set(lists[0]) else lists[1]
    demand(len(words) == 24 and set(words) <= set(known), "these are not 24 words of one list")
    bits = int("".join(f"{known.index(word):011b}" for word in words), 2).to_bytes(33, "big")
    demand(sha256(bits[:32])[0] == bits[32], "the checksum of the words is wrong")
    return bits[:32]

class Reader:  # numbers and parts of a lane [10]
    def __init__(self, data): self.data, self.at, self.columns = data, 0, []
    def take(self, length):
        demand(self.at + length <= len(self.data), "a table ends early")
        self.at += length
        return self.data[self.at - length : self.at]
    def unsigned(self):
        byte = self.take(1)[0]
        return byte if byte < 128 else byte - 128 + (self.unsigned() << 7)
    def signed(self): return (value := self.unsigned()) >> 1 ^ -(value & 1)
    def part(self): return self.take(self.unsigned())
    def all(self, read): return [read() for _ in iter(lambda: self.at < len(self.data), False)]  # to the end
def used_up(iterators): demand(all(next(each, None) is None for each in iterators), "a table has a rest")
def integers(data):
    column = Reader(data)
    if column.take(1) == b"\0": return column.all(column.signed)
    divisor = column.unsigned()
    return list(accumulate(column.all(column.signed), lambda last, step: last + step * divisor))
def block(column):
    lengths = [column.unsigned() for _ in range(column.unsigned())]
    encoding = {0: "utf-8", 1: "utf-16-le"}[column.take(1)[0]]
    units = Reader(column.part().decode(encoding, "surrogatepass").encode("utf-16-le", "surrogatepass"))
    demand(2 * sum(lengths) == len(units.data), "a block of text has another length than its texts")
    return [units.take(2 * length).decode("utf-16-le", "surrogatepass") for length in lengths]
def templates(column, count):
    known = block(column)
    used = [known[column.unsigned()] for _ in range(count)]
    columns = [iter(integers(column.part())) for _ in range(column.unsigned())]
    demand(len(columns) <= 24, "templates have too many columns")
    texts = []
    for template in used:
        places = iter(columns[:23] + columns[23:] * len(template))
        def value(mark):
            if mark[0] == "\3": return column.part().hex()
            return mark[0][1] if len(mark[0]) == 2 else str(next(next(places))).zfill(ord(mark[0]))
        texts.append(re.sub("\4[\1-\4]|[\1-\3]", value, template))
    used_up(columns)
    return texts
def texts_of(data, count, before):
    column = Reader(data)
    method = column.take(1)[0]
    known = texts_of(count=column.unsigned(), data=column.part(), before=[]) if method == 1 else []
    texts = {0: lambda: block(column), 1: lambda: [known[column.unsigned()] for _ in range(count)],
             2: lambda: [str(each) for each in accumulate(column.signed() for _ in range(count))],
             3: lambda: [column.part().hex() for _ in range(count)],
             4: lambda: templates(column, count),
             5: lambda: dict(enumerate(before))[len(before) - column.unsigned()]}[method]()
    demand(column.at == len(data) and len(texts) == count, "a column of texts has a rest")
    before.append(texts)
    return texts
def values_of(node, lanes, streams):  # an iterator
    _, lane, has, tag, counts, key_sets, fields, *element = node
    parts = [lanes[lane].part() if has >> bit & 1 else None for bit in range(5)]
    sets, lengths = ((column := Reader(part or b"")).all(column.unsigned) for part in parts[1:3])
    ints = integers(parts[3] or b"\0")
    texts = texts_of(parts[4], counts[1], lanes[lane].columns) if parts[4] else []
    demand(has < 32 and [len(ints), len(texts)] == counts, "a schema has other counts")
    tags, sets, lengths, ints, texts = map(iter, (parts[0] or b"", sets, lengths, ints, texts))
    streams += tags, sets, lengths, ints, texts
    below = [(field[0], values_of(field, lanes, streams)) for field in fields]
    items = values_of(element[0], lanes, streams) if element else iter(())
    objects = ({name: next(values) for name, values in (below[place] for place in key_sets[which])}
               for which in (sets if has & 2 else repeat(0)))
    arrays = ([next(items) for _ in range(length)] for length in lengths)
    by_tag = texts, ints, repeat(True), repeat(False), repeat(None), objects, arrays, map(Number, texts)
    return (next(by_tag[each]) for each in (tags if has & 1 else repeat(tag)))
def utf16(text): return text.encode("utf-16-be", "surrogatepass")
def canonical(value):  # MODEL.md 4.1
    if isinstance(value, Number): return value
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(k)}:{canonical(value[k])}" for k in sorted(value, key=utf16)) + "}"
    if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))
def leaf_of(row, salt):  # of a forgotten row nothing else is left [11.3, 12]
    return bytes.fromhex(row.get("forgotten", "")) or sha256(b"\0" + salt + canonical(row).encode())
def place_of(message):  # the canonical order of a chat: MODEL.md 4.4, of rows in the order of the log
    order = [(len(key), key) for key in [utf16(message["order"])]] if "order" in message else []
    return message["time"]["sent"], order, message.get("ordinal", 0), utf16(canonical(message))
def log_root(leaves):  # [12]
    peaks = []
    for count, node in enumerate(leaves):
        while count & 1: node, count = sha256(b"\1" + peaks.pop() + node), count >> 1
        peaks.append(node)
    return sha256(b"\2" + len(leaves).to_bytes(8, "big") + b"".join(peaks))

class Vault:
    def __init__(self, path, seed):
        self.path = path
        self.roots = self.unlock(seed)
        self.head = self.newest_head()
        now = self.head["epoch"]
        directory = self.state("directory", self.head["directory"], now)
        self.roots.update((epoch, bytes.fromhex(root)) for epoch, root in directory["past"])
        pages = (self.state("page", ref, now) for ref in directory["pages"])
        self.entries = {entry["id"]: entry for page in pages for entry in page}
        root = self.state("root", self.head["root"], now)
        tree = self.state("tree", root["tree"]["ref"], root["tree"]["epoch"]) if root["tree"] else []
        self.tree = {each["id"]: each for each in tree if each["id"] in self.entries}
        self.deltas = [self.delta(each) for each in root["deltas"] if each in self.entries]
    def derive(self, key, purpose):
        return HKDF(SHA256(), 32, None, f"keepsake/1/{purpose}\0".encode() + self.id).derive(key)
    def find(self, folder, name):
        return path / "object" if (path := self.path / folder / name).is_dir() else path
    def numbered(self, folder, kind):
        for name in sorted((path.name for path in (self.path / folder).iterdir()), reverse=True):
            path = self.find(folder, name)
            if re.fullmatch("[0-9]{10}", name) and int(name) and path.is_file():
                if self.has_header(file := path.read_bytes(), kind): yield int(name), file
    def has_header(self, file, kind):  # [2]
        is_ours = file[:4] == b"KPSK" and file[6:8] == kind + b"\0"
        demand(not is_ours or max(file[4:6]) <= 1, NEWER)
        return is_ours and file[4:6] == b"\1\1"
    def unlock(self, seed):  # the newest slot document that vouches [5]
        for number, file in self.numbered("slots", b"S"):
            end = 12 + u32_at(file, 8)
            self.document = json.loads(file[12:end]) if len(file) == end + 64 else {}
            demand(self.document.get("leastFormat", 1) <= 1, NEWER)
            authority = self.document.get("authority", "")
            is_own = is_signed(authority, file[end:], b"keepsake/1/slots" + file[:end])
            if not is_own or self.document["version"] != number: continue
            self.id = bytes.fromhex(self.document["vault"])
            said = b"keepsake/1/authority" + self.id + bytes.fromhex(authority)
            word = hmac.digest(self.derive(seed, "slot/vouch"), said, "sha256").hex()
            for slot in self.document["slots"]:
                if (slot["kind"], slot["vouch"]) == ("words", word):
                    name, public, box = (bytes.fromhex(slot[each]) for each in ("id", "publicKey", "box"))
                    shared = decapsulate(self.derive(seed, "slot/kem"), public, box[:1120])
                    key = self.derive(shared, "slot/box"), self.document["epoch"], None
                    opened = json.loads(self.open("slot", key, name, box[1120:]))
                    return {epoch: bytes.fromhex(root) for epoch, root in opened["roots"]}
        raise ValueError("no slot document opens with these words")
    def newest_head(self):  # [13]
        devices = {device["writer"]: device for device in self.document["devices"]}
        for number, file in self.numbered("heads", b"H"):
            device, clear = devices.get(u32_at(file, 32)), 37 + 32 * int.from_bytes(file[36:37], "big")
            is_whole = len(file) == clear + 4 + u32_at(file, clear) + 64
            is_here = file[8:32] == self.id + number.to_bytes(8, "big")
            is_taken = is_whole and is_here and device and number < device.get("revokedFrom", 1 << 64)
            if is_taken and is_signed(device["verify"], file[-64:], b"keepsake/1/head" + file[:-64]):
                body = self.head_body(sha256(file[:clear]), file[clear + 4 : -64])
                demand(not body["needs"]["read"], NEWER)
                demand(body["slots"] <= self.document["version"], "a newer slot document is held back")
                return {**body, "number": number}
        raise ValueError("there is no head")
    def head_body(self, name, sealed):
        for epoch, root in self.roots.items():
            with suppress(ValueError):
                return json.loads(self.open("head", (self.derive(root, "head"), epoch, None), name, sealed))
        raise ValueError("the keys of the newest head are held back")
    def open(self, word, key, name, sealed):  # a sealed object [6]
        (secret, epoch, collection), kind = key, b"keepsake/1/object/" + word.encode()
        context = bytes([1, len(kind)]) + kind + self.id + bytes.fromhex(collection or "00" * 16)
        context += epoch.to_bytes(4, "big") + len(name).to_bytes(4, "big") + name
        keys = HKDF(SHA256(), 64, sealed[:32], context).derive(secret)
        demand(len(sealed) >= 80 and keys[32:] == sealed[32:64], f"a {word} has another key")
        frames = [sealed[at : at + 65552] for at in range(64, len(sealed), 65552)]
        nonces = [n.to_bytes(11, "big") + bytes([n == len(frames) - 1]) for n in range(len(frames))]
        return b"".join(aead.AESGCM(keys[:32]).decrypt(n, frame, context) for n, frame in zip(nonces, frames))
    def read(self, word, ref, key):  # the content that a ref names [7, 8]
        (pack, offset, length, digest), at, plain = ref, 5, b""
        with self.find("packs", pack).open("rb") as file:
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
    def table(self, word, refs, key):
        lanes, streams = [Reader(self.read(word, ref, key) if ref else b"") for ref in refs], []
        count, root = json.loads(lanes[0].part())
        values = values_of(root, lanes, streams)
        rows = [next(values) for _ in range(count)]
        used_up([*streams, *(iter(lane.data[lane.at :]) for lane in lanes)])
        return rows
    def delta(self, name):  # rows by leaf, attachments and log root of each part [11.4]
        key, parts = self.key_of(name, 0), {}
        index = json.loads(self.read("delta", self.entries[name]["ref"], key))
        rows = iter(self.table("lane", index["lanes"], key))
        files = iter(self.table("attachments", [index["attachments"]], key) if index["attachments"] else [])
        for part in index["parts"]:
            own = [(part["leaf"] + i, next(rows)) for i in range(part["rows"])]
            parts[part["collection"]] = own, list(islice(files, part["attachments"])), part["logRoot"]
        used_up([rows, files])
        return parts
    def collection(self, name):  # its rows in the order of its log, attachments and log root [11, 12]
        rows, files, root = [], [], None
        if name in self.tree:
            entry, root = self.tree[name], self.tree[name]["logRoot"]
            moved = dict(self.entries[name].get("moved", []))  # written anew since [9]
            while entry["manifest"][3] in moved: entry = {**entry, **moved.pop(entry["manifest"][3])}
            key = self.key_of(name, entry["epoch"])
            manifest = json.loads(self.read("manifest", entry["manifest"], key))
            for segment in manifest["notes"] + manifest["messages"] + manifest["late"]:
                table = self.table("lane", segment["lanes"], self.key_of(name, segment["epoch"]))
                rows += [(row.pop("leaf"), row) for row in table]
            for each in manifest["attachments"]:
                files += self.table("attachments", [each["ref"]], self.key_of(name, each["epoch"]))
        for more_rows, more_files, root in (delta[name] for delta in self.deltas if name in delta):
            rows, files = rows + more_rows, files + more_files
        rows.sort(key=lambda placed: placed[0])
        demand([leaf for leaf, _ in rows] == list(range(len(rows))), f"rows of {name} are missing")
        salt_key = algorithms.AES(self.derive(bytes.fromhex(self.entries[name]["keys"][0][1]), "salt"))
        salts = Cipher(salt_key, modes.CTR(bytes(16))).encryptor().update(bytes(16 * len(rows)))
        leaves = [leaf_of(row, salts[16 * leaf : 16 * leaf + 16]) for leaf, row in rows]
        demand(log_root(leaves).hex() == root, f"the log of {name} is another")
        return [row for _, row in rows], files, root
    def attachment(self, row):  # [11.5]
        key = bytes.fromhex(row["key"]), 0, None
        content = b"".join(self.read("attachment", [*part, row["sha256"]][:4], key) for part in row["parts"])
        demand((sha256(content).hex(), len(content)) == (row["sha256"], row["sizeBytes"]), "a file differs")
        return content
def restore(vault, out):
    chats, leaves, files = [], [], {}
    (out / "attachments").mkdir(parents=True)
    for name in sorted(set(vault.tree).union(*vault.deltas) & set(vault.entries)):
        rows, own, root = vault.collection(name)
        leaves.append(sha256(b"\0" + bytes.fromhex(name) + bytes.fromhex(root)))
        files.update((row["sha256"], row) for row in own)
        (folder := out / "chats" / name).mkdir(parents=True)
        messages = sorted((row for row in rows if "message" in row), key=lambda row: place_of(row["message"]))
        for kind, kept in (("messages", messages), ("notes", [row for row in rows if "message" not in row])):
            (folder / f"{kind}.jsonl").write_text("".join(canonical(row) + "\n" for row in kept), "utf-8")
        about = {part: vault.entries[name][part] for part in ("id", "kind", "name")}
        chats.append({**about, "messages": len(messages), "attachments": len(own), "logRoot": root})
    demand(log_root(leaves).hex() == vault.head["contentRoot"], "the content root is another")
    for sha, row in files.items(): (out / "attachments" / sha).write_bytes(vault.attachment(row))
    (out / "summary.json").write_text(json.dumps({"head": vault.head, "chats": chats}, indent=1) + "\n")
if __name__ == "__main__":
    try:
        restore(Vault(Path(sys.argv[1]), words_to_seed(sys.stdin.read())), Path(sys.argv[2]))
    except Exception as error:
        sys.exit(f"refused: {str(error) or repr(error)}")
