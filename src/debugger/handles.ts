/**
 * Numbers that the client holds for things of a stopped machine. They end at the next resume: what they stood for is
 * gone.
 */
import type { Task } from '../computer/inspect.js';
import type { Frame } from '../machine/frames.js';
import type { Container } from './containers.js';

/** A frame as the client sees it. */
export interface FrameHandle {
  frame: Frame;
  /** Its place counted from the outermost frame: it stays when inner ones come and go. */
  height: number;
  threadId: number;
  task: Task | null;
}

/** Something with parts as the client sees it. */
export interface ContainerHandle {
  container: Container;
  /** Where the expressions of its parts are evaluated; null: anywhere. */
  frame: FrameHandle | null;
  /** Its path in the view, the same from stop to stop: by it, what was shown before is found again. */
  path: string;
}

export class Handles {
  private frames: FrameHandle[] = [];
  private containers: ContainerHandle[] = [];

  reset(): void {
    this.frames = [];
    this.containers = [];
  }

  /**
   * Frame ids go from 1000 up, variable references from 1: they are different name spaces, and mixing them up shows.
   */
  addFrame(frame: FrameHandle): number {
    return 999 + this.frames.push(frame);
  }

  frame(id: number): FrameHandle | undefined {
    return this.frames[id - 1000];
  }

  addContainer(container: ContainerHandle): number {
    return this.containers.push(container);
  }

  container(reference: number): ContainerHandle | undefined {
    return this.containers[reference - 1];
  }
}
