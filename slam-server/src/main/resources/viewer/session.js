// One session, live: its mesh, its poses, its keyframes and figures, as long as it is looked at.

import { CallError, FAILED_PRECONDITION, NOT_FOUND, UNAUTHENTICATED } from "./api.js";

const STATUS_MILLIS = 1000;
const RETRY_MILLIS = 2000;
const NANOS_PER_MILLI = 1e6;
const OVER = new Set(["SESSION_STATE_FINISHED", "SESSION_STATE_FAILED"]);

export class SessionFeed {
  /** @param hear functions: status, trajectory, pose, keyframes, patch, updated, problem */
  constructor(api, sessionId, hear) {
    this.api = api;
    this.request = { sessionId };
    this.hear = hear;
    this.aborting = new AbortController();
  }

  close() {
    this.aborting.abort();
  }

  async run() {
    const first = await this.#status();
    if (!first) return;
    await Promise.all([this.#again(() => this.#poses()), this.#again(() => this.#mesh()), this.#figures(first)]);
  }

  get #open() {
    return !this.aborting.signal.aborted;
  }

  /** Does it until it ends well; what the network broke off is begun anew. */
  async #again(work) {
    while (this.#open) {
      try {
        await work();
        return;
      } catch (e) {
        if (!this.#open) return;
        this.hear.problem(e);
        if (e instanceof CallError && [NOT_FOUND, UNAUTHENTICATED, FAILED_PRECONDITION].includes(e.code)) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    }
  }

  async #poses() {
    const signal = this.aborting.signal;
    await this.#trajectory();
    for await (const pose of this.api.stream("StreamPoses", this.request, signal)) {
      if (this.hear.pose(pose)) await this.#trajectory(); // a loop was closed
    }
    await this.#trajectory();
  }

  async #trajectory() {
    const { poses } = await this.api.call("GetTrajectory", this.request);
    if (this.#open) this.hear.trajectory(poses);
  }

  async #mesh() {
    for await (const message of this.api.stream("WatchMesh", this.request, this.aborting.signal)) {
      if (message.patch) {
        this.hear.patch(message.patch);
      } else {
        const mapped = Number(message.updated.mappedUnixNs) / NANOS_PER_MILLI;
        this.hear.updated(message.updated.mapVersion, mapped > 0 ? Date.now() - mapped : undefined);
      }
    }
  }

  async #status() {
    try {
      const status = await this.api.call("GetSessionStatus", this.request);
      if (this.#open) this.hear.status(status);
      return status;
    } catch (e) {
      if (this.#open) this.hear.problem(e);
      return undefined;
    }
  }

  async #figures(first) {
    let keyframes = -1;
    let status = first;
    while (this.#open) {
      if (status && status.keyframes !== keyframes) {
        const { keyframes: list } = await this.api.call("ListKeyframes", this.request);
        if (!this.#open) return;
        this.hear.keyframes(list);
        keyframes = status.keyframes;
      }
      if (status && OVER.has(status.state)) return;
      await new Promise((resolve) => setTimeout(resolve, STATUS_MILLIS));
      status = this.#open ? await this.#status() : undefined;
    }
  }
}
