"""The DCGAN of PyTorch's tutorial as one trains it in Python, a line of JSON:

    peer_training_step.py FILE STEPS THREADS [fp64]

FILE has the first weights, the pictures and the latent vectors. The first step is not timed.
"""

import json
import resource
import struct
import sys
import time

import torch
from torch import nn

ITEMS = {"F32": torch.float32, "I64": torch.int64}


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            kind = ITEMS[entry["dtype"]]
            tensors[name] = torch.frombuffer(data[begin:end], dtype=kind).reshape(entry["shape"]).clone()
    return tensors


def weights(tensors, prefix):
    return {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def generator():
    parts = [nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False), nn.BatchNorm2d(512), nn.ReLU(True)]
    for width in (512, 256, 128):
        parts += [nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False)]
        parts += [nn.BatchNorm2d(width // 2), nn.ReLU(True)]
    return nn.ModuleDict({"net": nn.Sequential(*parts, nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())})


def discriminator():
    parts = [nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
    for width in (64, 128, 256):
        parts += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width)]
        parts += [nn.LeakyReLU(0.2, inplace=True)]
    return nn.ModuleDict({"net": nn.Sequential(*parts, nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Sigmoid())})


def load(network, tensors, prefix):
    network.load_state_dict(weights(tensors, prefix))
    return network["net"], torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    tensors, steps = read(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(int(sys.argv[3]))
    if sys.argv[4:] == ["fp64"]:
        torch.set_default_dtype(torch.float64)
        tensors = {name: tensor.double() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    net_g, optimizer_g = load(generator(), tensors, "generator.")
    net_d, optimizer_d = load(discriminator(), tensors, "discriminator.")
    criterion, real, losses_d, losses_g = nn.BCELoss(), tensors["real"], [], []
    ones, zeros = torch.ones(len(real)), torch.zeros(len(real))

    for i in range(steps):
        if i == 1:
            start, start_cpu = time.monotonic(), cpu_seconds()
        latent = tensors[f"latent.{i}"]
        net_d.zero_grad()
        output = net_d(real).view(-1)
        loss_real = criterion(output, ones)
        loss_real.backward()
        d_x = output.mean().item()
        fake = net_g(latent)
        output = net_d(fake.detach()).view(-1)
        loss_fake = criterion(output, zeros)
        loss_fake.backward()
        d_g_z1 = output.mean().item()
        loss_d = loss_real + loss_fake
        optimizer_d.step()
        net_g.zero_grad()
        output = net_d(fake).view(-1)
        loss_g = criterion(output, ones)
        loss_g.backward()
        d_g_z2 = output.mean().item()
        optimizer_g.step()
        # What the tutorial prints and keeps.
        losses_d.append(loss_d.item())
        losses_g.append(loss_g.item())
        assert 0 <= min(d_x, d_g_z1, d_g_z2) <= max(d_x, d_g_z1, d_g_z2) <= 1
    wall, cpu = time.monotonic() - start, cpu_seconds() - start_cpu
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "images_per_s": len(real) * (steps - 1) / wall, "loss_d": losses_d,
                      "loss_g": losses_g, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
