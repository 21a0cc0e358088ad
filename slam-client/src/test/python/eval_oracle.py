"""Works out trajectory and mesh errors independently of the Java code, for its tests.

NumPy only. Alignment by Horn's quaternion method (JOSA A, 1987), where the Java code uses
Umeyama's singular value decomposition; point-to-triangle distances by brute force through
Ericson's region test, where the Java code projects and searches a tree.

    python3 eval_oracle.py > ../resources/io/roomfield/slam/client/eval/eval_oracle.json
"""

import json
import sys

import numpy as np

FRAMES = 12
FRAME_NS = 33_333_333


def rotation(vector):
    """Rodrigues' formula."""
    angle = np.linalg.norm(vector)
    x, y, z = vector / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def pose(vector, translation):
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(vector)
    matrix[:3, 3] = translation
    return matrix


def horn(source, target):
    """The rigid transform that takes source points onto target points, without scale."""
    a, b = source - source.mean(0), target - target.mean(0)
    s = a.T @ b
    d = np.array([s[1, 2] - s[2, 1], s[2, 0] - s[0, 2], s[0, 1] - s[1, 0]])
    n = np.zeros((4, 4))
    n[0, 0] = np.trace(s)
    n[0, 1:] = n[1:, 0] = d
    n[1:, 1:] = s + s.T - np.trace(s) * np.eye(3)
    w, x, y, z = np.linalg.eigh(n)[1][:, -1]
    q = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    v = np.array([x, y, z])
    r = (w * w - v @ v) * np.eye(3) + 2 * np.outer(v, v) + 2 * w * q
    transform = np.eye(4)
    transform[:3, :3] = r
    transform[:3, 3] = target.mean(0) - r @ source.mean(0)
    return transform


def trajectory_case(rng, planar, delta):
    steps = np.arange(FRAMES) / FRAMES
    truth = []
    for s in steps:
        height = 0.0 if planar else 0.2 * np.sin(9 * s)
        truth.append(pose([0.3 * s + 0.1, 1.5 * s, 0.05], [np.cos(4 * s), height, np.sin(4 * s)]))
    offset = pose([0.4, -2.1, 0.7], [3.0, -1.0, 0.5])
    estimate = [
        offset @ t @ pose(rng.normal(0, 0.02, 3), rng.normal(0, 0.03, 3)) for t in truth
    ]
    source = np.array([e[:3, 3] for e in estimate])
    target = np.array([t[:3, 3] for t in truth])
    aligned = horn(source, target)
    errors = np.linalg.norm(source @ aligned[:3, :3].T + aligned[:3, 3] - target, axis=1)
    translations, angles = [], []
    for i in range(FRAMES - delta):
        q = np.linalg.inv(truth[i]) @ truth[i + delta]
        p = np.linalg.inv(estimate[i]) @ estimate[i + delta]
        e = np.linalg.inv(q) @ p
        translations.append(np.linalg.norm(e[:3, 3]))
        skew = np.array([e[2, 1] - e[1, 2], e[0, 2] - e[2, 0], e[1, 0] - e[0, 1]])
        angles.append(np.arctan2(np.linalg.norm(skew) / 2, (np.trace(e[:3, :3]) - 1) / 2))
    return {
        "timestamps_ns": [int(i * FRAME_NS) for i in range(FRAMES)],
        "estimate": [e.ravel().tolist() for e in estimate],
        "truth": [t.ravel().tolist() for t in truth],
        "truth_from_estimate": aligned.ravel().tolist(),
        "ate": {
            "rmse": float(np.sqrt(np.mean(errors**2))),
            "mean": float(errors.mean()),
            "median": float(np.median(errors)),
            "max": float(errors.max()),
            "errors": errors.tolist(),
        },
        "rpe": {
            "delta": delta,
            "trans_rmse": float(np.sqrt(np.mean(np.square(translations)))),
            "rot_rmse": float(np.sqrt(np.mean(np.square(angles)))),
        },
    }


def closest_on_triangle(p, a, b, c):
    """Ericson, Real-Time Collision Detection, 5.1.5."""
    ab, ac, ap = b - a, c - a, p - a
    d1, d2 = ab @ ap, ac @ ap
    if d1 <= 0 and d2 <= 0:
        return a
    d3, d4 = ab @ (p - b), ac @ (p - b)
    if d3 >= 0 and d4 <= d3:
        return b
    vc = d1 * d4 - d3 * d2
    if vc <= 0 and d1 >= 0 and d3 <= 0:
        return a + d1 / (d1 - d3) * ab
    d5, d6 = ab @ (p - c), ac @ (p - c)
    if d6 >= 0 and d5 <= d6:
        return c
    vb = d5 * d2 - d1 * d6
    if vb <= 0 and d2 >= 0 and d6 <= 0:
        return a + d2 / (d2 - d6) * ac
    va = d3 * d6 - d5 * d4
    if va <= 0 and d4 - d3 >= 0 and d5 - d6 >= 0:
        return b + (d4 - d3) / ((d4 - d3) + (d5 - d6)) * (c - b)
    return a + ab * (vb / (va + vb + vc)) + ac * (vc / (va + vb + vc))


def surface_case(rng, vertices, faces, points):
    positions = rng.uniform(-1, 1, (vertices, 3))
    triangles = np.array([rng.choice(vertices, 3, replace=False) for _ in range(faces)])
    queries = rng.uniform(-1.5, 1.5, (points, 3))
    distances = [
        min(np.linalg.norm(p - closest_on_triangle(p, *positions[t])) for t in triangles)
        for p in queries
    ]
    return {
        "positions": positions.ravel().tolist(),
        "faces": triangles.ravel().tolist(),
        "points": queries.ravel().tolist(),
        "distances": [float(d) for d in distances],
    }


def mesh_errors_case(rng):
    accuracy = rng.exponential(0.012, 57)
    completion = rng.exponential(0.03, 43)

    def f1(threshold):
        precision = np.mean(accuracy < threshold)
        recall = np.mean(completion < threshold)
        return float(2 * precision * recall / (precision + recall))

    return {
        "estimate_to_truth": accuracy.tolist(),
        "truth_to_estimate": completion.tolist(),
        "accuracy": float(accuracy.mean()),
        "completion": float(completion.mean()),
        "completion_ratio_5cm": float(np.mean(completion < 0.05)),
        "f1_1cm": f1(0.01),
        "f1_5cm": f1(0.05),
    }


def main():
    rng = np.random.default_rng(17)
    fixture = {
        "trajectories": [
            trajectory_case(rng, planar=False, delta=1),
            trajectory_case(rng, planar=True, delta=5),
        ],
        "surfaces": [
            surface_case(rng, vertices=3, faces=1, points=20),
            surface_case(rng, vertices=25, faces=40, points=40),
        ],
        "mesh_errors": mesh_errors_case(rng),
    }
    json.dump(fixture, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
