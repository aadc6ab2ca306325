import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventQueue } from '../../src/machine/events.js';
import { History } from '../../src/machine/history.js';
import { Terminal, type Typed } from '../../src/machine/terminal.js';
import { undoIsIdentity } from './undo.js';

const KEY_EVENT = 2;

function terminal(history = new History(), keys: Typed[] = [], limit?: number) {
  const events = new EventQueue(history);
  return { events, terminal: new Terminal(history, events, KEY_EVENT, keys, limit) };
}

const chunk = (pid: number, bytes: string) => ({ time: 1, step: 2, pid, bytes });

describe('terminal', () => {
  it('shows what was written, of all and of each process', () => {
    const { terminal: shown } = terminal();
    shown.write(chunk(1, 'a'));
    shown.write(chunk(2, 'b\n'));
    shown.write(chunk(1, 'c'));
    assert.equal(shown.text(), 'ab\nc');
    assert.equal(shown.text(1), 'ac');
    assert.equal(shown.text(3), '');
  });

  it('gets what is typed at its time, and Ctrl-D for end of file', () => {
    const keys = [
      { at: 90, text: null },
      { at: 50, text: 'ls\n' },
    ];
    const { terminal: typed, events } = terminal(new History(), keys);
    assert.equal(typed.read(), '');
    assert.equal(events.nextTime, 50);
    while (events.length > 0) {
      const { kind, payload } = events.pop();
      assert.equal(kind, KEY_EVENT);
      typed.keyPressed(payload);
    }
    assert.equal(typed.waiting, 'ls\n\x04');
    assert.equal(typed.read(), 'ls\n\x04');
    assert.equal(typed.read(), '');
  });

  it('holds a bounded amount, however small the writes', () => {
    const { terminal: shown } = terminal(new History(), [], 1000);
    const write = () => {
      for (let i = 0; i < 20; i++) shown.write(chunk(1, 'x'));
    };
    assert.throws(write, /the output passed the limit of 1000 bytes/);
    assert.equal(shown.text().length, 15);
  });

  it('goes back and forward exactly', () => {
    const operation = fc.oneof(
      fc.record({ pid: fc.integer({ min: 1, max: 3 }), bytes: fc.constantFrom('x', 'yy', '') }),
      fc.record({ typed: fc.constantFrom('q', 'r') }),
      fc.constant('read' as const),
    );
    undoIsIdentity(operation, (history) => {
      const { terminal: shown } = terminal(history);
      return {
        apply: (one) => {
          if (one === 'read') shown.read();
          else if ('typed' in one) shown.type(one.typed);
          else shown.write(chunk(one.pid, one.bytes));
        },
        observe: () => [shown.text(), [1, 2, 3].map((pid) => shown.text(pid)), shown.waiting, shown.output().length],
      };
    });
  });
});
