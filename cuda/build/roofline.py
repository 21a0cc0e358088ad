#!/usr/bin/env python3
"""Prints, as tables in Markdown, what the kernels of an iteration at the paper's sizes compute and move, and the least
time that takes on some cards. Calculated from the sizes alone; nothing here was measured.

    roofline.py
"""

from dataclasses import dataclass

SAMPLES = 48
CHANNELS = 32
HIDDEN = 32
BLOCKS = 5
ENCODING = 93
CORNERS = 8
FLOAT = 4
FIXED = 8


@dataclass(frozen=True)
class Card:
    name: str
    tera_flops: float  # float32, without tensor cores
    giga_bytes: float  # memory, a second
    launch_us: float  # assumed between dependent launches


CARDS = [
    Card("RTX 4090", 82.6, 1008, 2.5),
    Card("H100 SXM", 66.9, 3350, 2.5),
    Card("Jetson AGX Orin", 5.3, 205, 5.0),
]


@dataclass(frozen=True)
class Work:
    kernel: str
    flops: float
    # Each input read once and each output written once.
    memory_bytes: float
    launches: int = 1

    def micros(self, card):
        compute = self.flops / card.tera_flops / 1e6
        memory = self.memory_bytes / card.giga_bytes / 1e3
        launch = card.launch_us * self.launches
        longest = max(compute, memory, launch)
        bound = {compute: "compute", memory: "bandwidth", launch: "launch"}[longest]
        return longest, bound


def layers(features, outputs):
    """Multiply-adds of a decoder of the paper's shape for one point."""
    dense = 0
    for block in range(BLOCKS):
        inputs = ENCODING if block == 0 else ENCODING + HIDDEN if block == 3 else HIDDEN
        dense += HIDDEN * (inputs + features)
    return dense + outputs * HIDDEN


def weights(features, outputs):
    return FLOAT * (layers(features, outputs) + 3 * ENCODING)


LEVELS = {"mid": (CHANNELS, 1), "fine": (2 * CHANNELS, 1), "colour": (CHANNELS, 3)}


def decode(points, levels, vertices):
    """Interpolation, encoding (a sine counted as one operation) and layers."""
    flops = moved = 0
    for level in levels:
        features, outputs = LEVELS[level]
        flops += 2 * points * (layers(features, outputs) + 3 * ENCODING + CORNERS * features) + points * ENCODING
        moved += points * FLOAT * (3 + outputs + BLOCKS) + weights(features, outputs) + vertices * FLOAT * features
    return Work("decode", flops, moved)


def decode_backward(points, levels, vertices, poses, grids):
    flops = moved = 0
    for level in levels:
        features, outputs = LEVELS[level]
        dense = layers(features, outputs) - BLOCKS * HIDDEN * (features - CHANNELS)
        if not poses:
            dense -= 2 * HIDDEN * ENCODING
        flops += 2 * points * (dense + (3 * ENCODING if poses else 0) + CORNERS * CHANNELS * (poses + grids))
        moved += points * FLOAT * (3 + outputs + BLOCKS + 6 * poses) + weights(features, outputs)
        moved += vertices * CHANNELS * (FLOAT * poses + 2 * FIXED * grids)
    return Work("decode_backward", flops, moved)


def weight_gradient(points):
    features, outputs = LEVELS["colour"]
    rows = ENCODING + features + BLOCKS * HIDDEN + 2 * BLOCKS * HIDDEN + outputs
    return Work("weight_gradient", 2 * points * layers(features, outputs), 2 * points * rows * FLOAT, 2)


def per_ray(rays):
    points = rays * SAMPLES
    return [
        Work("sample_rays", rays * SAMPLES * SAMPLES * 3, points * FLOAT),
        Work("place_points", points * 18, points * FLOAT * 4),
        Work("composite", points * 30, points * FLOAT * 6),
        Work("ray_terms, ray_gradients, sum_losses", rays * 30, rays * FLOAT * 12, 3),
        Work("composite_backward", points * 50, points * FLOAT * 10),
    ]


def iteration(rays, tracking):
    points = rays * SAMPLES
    # Vertices that a batch touches: as many as fit the walls of a 5 m room, two vertices deep, at 0.16 m.
    vertices = 12_000
    work = per_ray(rays)
    work.insert(2, decode(points, LEVELS, vertices))
    work.append(decode_backward(points, LEVELS, vertices, int(tracking), int(not tracking)))
    if tracking:
        work.append(Work("pose_gradient", points * 30, points * FLOAT * 12))
    else:
        work.append(weight_gradient(points))
        adam = 3 * vertices * CHANNELS
        work.append(Work("adam_blocks (3 levels)", adam * 15, adam * (FIXED + 6 * FLOAT), 3))
    return work


def table(title, work):
    print(f"{title}\n")
    print("| kernel | Mflop | MB | " + " | ".join(f"{c.name}, us (bound)" for c in CARDS) + " |")
    print("| --- | ---: | ---: |" + " --- |" * len(CARDS))
    sums = [0.0] * len(CARDS)
    for item in work:
        cells = []
        for i, card in enumerate(CARDS):
            micros, bound = item.micros(card)
            sums[i] += micros
            cells.append(f"{micros:.1f} ({bound})")
        print(f"| {item.kernel} | {item.flops / 1e6:.1f} | {item.memory_bytes / 1e6:.2f} | " + " | ".join(cells) + " |")
    flops = sum(item.flops for item in work) / 1e6
    moved = sum(item.memory_bytes for item in work) / 1e6
    print(f"| all | {flops:.0f} | {moved:.1f} | " + " | ".join(f"{s:.0f}" for s in sums) + " |\n")


if __name__ == "__main__":
    table("Tracking, 200 rays x 48, colour stage, pose gradient", iteration(200, tracking=True))
    table("Mapping, 1000 rays x 48, colour stage, grids and colour decoder, Adam", iteration(1000, tracking=False))
