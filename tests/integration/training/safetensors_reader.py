"""A reader of safetensors files, from the public description of the format: it shares no mistake with ours."""

import json
import struct
from pathlib import Path
from typing import NamedTuple

ITEM_SIZE = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}


class Tensor(NamedTuple):
    dtype: str
    shape: tuple
    data: bytes


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key is given twice: {keys}")
    return dict(pairs)


def read(path):
    """({name: Tensor} in the order of the data, {metadata}); ValueError for what the format forbids."""
    content = Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    text, data = content[8 : 8 + length], content[8 + length :]
    if len(text) != length or not text.startswith(b"{"):
        raise ValueError("no header")
    header = json.loads(text.decode("utf-8"), object_pairs_hook=unique_keys)
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata are texts only")
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        size = ITEM_SIZE[entry["dtype"]]
        for extent in entry["shape"]:
            size *= extent
        if begin != end or stop - begin != size:
            raise ValueError(f"'{name}' does not lie where it should")
        if begin % ITEM_SIZE[entry["dtype"]] != 0 or length % 8 != 0:
            raise ValueError(f"'{name}' is not aligned")
        tensors[name], end = Tensor(entry["dtype"], tuple(entry["shape"]), data[begin:stop]), stop
    if end != len(data):
        raise ValueError("data that belong to no tensor")
    return tensors, metadata


def crc32c(data):
    """CRC-32C, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def poison(path, name, start):
    """Overwrites the first bytes of a checkpoint's tensor, with the checksum to match."""
    content = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    place = 8 + length + header[name]["data_offsets"][0]
    content[place : place + len(start)] = start
    before = header["__metadata__"]["crc32c"].encode()
    after = b"%08x" % crc32c(content[8 + length :])
    content[8 : 8 + length] = content[8 : 8 + length].replace(b'"crc32c":"' + before, b'"crc32c":"' + after)
    Path(path).write_bytes(content)
