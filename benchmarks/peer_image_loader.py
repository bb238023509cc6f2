"""Pictures as one loads them in Python: torchvision's ImageFolder and transforms on PIL, a DataLoader without workers.

`peer_image_loader.py FOLDER hash`: "<sha256 of all floats in order> <pictures>";
`peer_image_loader.py FOLDER time EPOCHS`: "<pictures> <wall s> <CPU s>".
"""

import hashlib
import resource
import sys
import time

import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    torch.set_num_threads(1)
    steps = [transforms.Resize(64), transforms.CenterCrop(64), transforms.ToTensor(),
             transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))]
    loader = DataLoader(datasets.ImageFolder(sys.argv[1], transforms.Compose(steps)), batch_size=128, num_workers=0)
    if sys.argv[2] == "hash":
        digest, pictures = hashlib.sha256(), 0
        for batch, _ in loader:
            digest.update(batch.numpy().tobytes())
            pictures += len(batch)
        print(digest.hexdigest(), pictures)
        return
    start, start_cpu, pictures = time.monotonic(), cpu_seconds(), 0
    for _ in range(int(sys.argv[3])):
        for batch, _ in loader:
            pictures += len(batch)
    print(pictures, time.monotonic() - start, cpu_seconds() - start_cpu)


if __name__ == "__main__":
    main()
