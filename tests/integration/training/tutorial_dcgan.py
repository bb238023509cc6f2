"""The DCGAN of PyTorch's tutorial as one writes it in Python: what our weights must fit."""

from torch import nn


def layers(image_size):
    """Layers that double or halve the size, between 4 pixels and the picture."""
    return (image_size // 4).bit_length() - 1


class Generator(nn.Module):
    def __init__(self, image_size, latent_size, feature_size, channels=3):
        super().__init__()
        width = feature_size << (layers(image_size) - 1)
        parts = [nn.ConvTranspose2d(latent_size, width, 4, 1, 0, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
        while width > feature_size:
            parts += [nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False)]
            parts += [nn.BatchNorm2d(width // 2), nn.ReLU(True)]
            width //= 2
        parts += [nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh()]
        self.net = nn.Sequential(*parts)

    def forward(self, latent):
        return self.net(latent)


class Discriminator(nn.Module):
    def __init__(self, image_size, feature_size, channels=3):
        super().__init__()
        width = feature_size
        parts = [nn.Conv2d(channels, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        for _ in range(layers(image_size) - 1):
            parts += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width)]
            parts += [nn.LeakyReLU(0.2, inplace=True)]
            width *= 2
        parts += [nn.Conv2d(width, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
        self.net = nn.Sequential(*parts)

    def forward(self, images):
        return self.net(images).view(-1)
