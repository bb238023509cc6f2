"""Weights of the C++ program in Python: names, shapes, and the same picture from the same numbers."""

import unittest

import safetensors_reader
from gan_case import GanCase

try:
    import numpy
    import torch
    from PIL import Image

    from tutorial_dcgan import Discriminator, Generator
except ImportError as missing:
    raise unittest.SkipTest(f"needs python3-torch and python3-pil: {missing}")

LATENT_SIZE, FEATURE_SIZE = 100, 8
SAMPLE_COLUMNS, GAP = 8, 2
DTYPES = {"F32": torch.float32, "I64": torch.int64}


def tensors_of(path):
    tensors = safetensors_reader.read(path)[0]
    return {name: torch.frombuffer(bytearray(tensor.data), dtype=DTYPES[tensor.dtype]).reshape(tensor.shape)
            for name, tensor in tensors.items() if tensor.dtype in DTYPES}


class PythonWeights(GanCase):
    def networks(self, image_size):
        return {"generator": Generator(image_size, LATENT_SIZE, FEATURE_SIZE),
                "discriminator": Discriminator(image_size, FEATURE_SIZE)}

    def train_at(self, image_size):
        self.train(f"{image_size}", f"DATALOADER.IMAGE_SIZE={image_size}", "TRAINING.NUM_EPOCHS=2")
        return self.folder / f"{image_size}"

    def safely_loaded(self, path):
        return torch.load(path, weights_only=True)

    def test_state_dicts_are_those_of_the_tutorial(self):
        for image_size in (32, 64):
            out = self.train_at(image_size)
            for name, network in self.networks(image_size).items():
                with self.subTest(f"{name} {image_size}"):
                    ours, theirs = self.safely_loaded(out / f"model/{name}.pt"), network.state_dict()
                    self.assertEqual(list(ours), list(theirs))
                    self.assertEqual([tensor.shape for tensor in ours.values()], [t.shape for t in theirs.values()])
                    self.assertEqual([tensor.dtype for tensor in ours.values()], [t.dtype for t in theirs.values()])
                    network.load_state_dict(ours, strict=True)

    def test_both_kinds_of_file_hold_the_same(self):
        out = self.train_at(32)
        for name in ("generator", "discriminator"):
            by_torch = self.safely_loaded(out / f"model/{name}.pt")
            by_safetensors = tensors_of(out / f"model/{name}.safetensors")
            self.assertEqual(sorted(by_torch), sorted(by_safetensors))
            for key, tensor in by_torch.items():
                self.assertTrue(torch.equal(tensor, by_safetensors[key]), key)

    def test_metadata_say_when_the_weights_were_written(self):
        metadata = safetensors_reader.read(self.train_at(32) / "model/generator.safetensors")[1]
        self.assertEqual(metadata, {"format": "pt", "step": "20", "epoch": "2"})

    def test_python_makes_the_same_pictures(self):
        for image_size in (32, 64):
            with self.subTest(image_size):
                out = self.train_at(image_size)
                generator = self.networks(image_size)["generator"]
                generator.load_state_dict(self.safely_loaded(out / "model/generator.pt"))
                latent = tensors_of(self.checkpoints(f"{image_size}")[-1])["sample_latent"]
                with torch.no_grad():
                    made = generator.train()(latent)
                theirs = made.add(1).mul(127.5).round().clamp(0, 255).numpy().astype(int)
                ours = self.pictures(out / "output/samples/epoch-0002.png", image_size)
                self.assertEqual(ours.shape, theirs.shape)
                self.assertGreater(theirs.std(), 5, "the pictures are too plain to tell anything")
                difference = numpy.abs(ours - theirs)
                # Rounding to bytes hides a difference of 1e-4 in all but 1 % of the values.
                self.assertLessEqual(difference.max(), 1)
                self.assertLess((difference > 0).mean(), 0.01)

    def pictures(self, path, size):
        """The grid as [N, 3, size, size], and a check that what lies between is black."""
        with Image.open(path) as image:
            self.assertEqual((image.format, image.mode), ("PNG", "RGB"))
            grid = numpy.asarray(image).astype(int)
        rows = SAMPLE_COLUMNS
        self.assertEqual(grid.shape, (rows * (size + GAP) + GAP, SAMPLE_COLUMNS * (size + GAP) + GAP, 3))
        pictures = []
        for top in range(GAP, grid.shape[0], size + GAP):
            for left in range(GAP, grid.shape[1], size + GAP):
                pictures.append(grid[top : top + size, left : left + size].transpose(2, 0, 1).copy())
                grid[top : top + size, left : left + size] = 0
        self.assertEqual(grid.max(), 0)
        return numpy.stack(pictures)

    def test_the_discriminator_judges_as_in_the_log(self):
        """With a learning rate of almost nothing the last step's judgement is that of the saved weights."""
        still = ["TRAINING.LEARNING_RATE=1e-30", "TRAINING.NUM_EPOCHS=1", "DATALOADER.BATCH_SIZE=40"]
        result = self.train("still", *still)
        network = self.networks(32)["discriminator"]
        network.load_state_dict(self.safely_loaded(self.folder / "still/model/discriminator.pt"))
        paths = sorted((self.folder / "data").rglob("*.png"))
        pictures = [Image.open(path).resize((34, 32), Image.BILINEAR).crop((1, 0, 33, 32)) for path in paths]
        pixels = torch.tensor(numpy.stack([numpy.asarray(picture) for picture in pictures]))
        batch = pixels.permute(0, 3, 1, 2).float() / 127.5 - 1
        with torch.no_grad():
            real = network.train()(batch).mean().item()
        measured = [line["m"]["d/real"] for line in self.metrics("still") if "m" in line]
        self.assertEqual(len(measured), 1, result.stdout)
        self.assertAlmostEqual(real, measured[0], delta=1e-4)


if __name__ == "__main__":
    unittest.main()
