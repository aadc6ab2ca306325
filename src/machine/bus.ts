/** The bus: an event of the queue is due, the device whose it is acts, and raises its interrupt. */
import type { Board } from './board.js';
import { DEVICE, IRQ } from './devices.js';
import { MachineError, MachineLimit } from './errors.js';
import type { DueEvent } from './events.js';

/** Lets the next event of the queue happen. */
export function fire(board: Board): void {
  const { choices, events } = board;
  const tied = choices.isOpen ? events.tied : 1;
  const due = events.popTied(tied > 1 ? choices.choose('event', tied) : 0);
  try {
    act(board, due);
  } catch (thrown) {
    if (thrown instanceof MachineLimit) board.end('limit', [thrown.message]);
    else if (thrown instanceof MachineError) board.panic(thrown.message);
    else throw thrown;
  } finally {
    board.deviceTime = null;
  }
}

function act(board: Board, { time, kind, payload }: DueEvent): void {
  const served = board.cpus[board.irqCpu];
  switch (kind) {
    case DEVICE.TIMER: {
      const cpu = board.cpus[payload];
      board.history.touch(cpu);
      cpu.timer = -1;
      return board.raise(cpu, IRQ.TIMER, time);
    }
    case DEVICE.DISK:
      board.deviceTime = time;
      board.disk.complete();
      return board.raise(served, IRQ.DISK, time);
    case DEVICE.KEYBOARD:
      board.terminal.keyPressed(payload);
      return board.raise(served, IRQ.KEYBOARD, time);
    default:
      board.deviceTime = time;
      if (board.network.act(kind, payload, time)) board.raise(served, IRQ.NETWORK, time);
  }
}
