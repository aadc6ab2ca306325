/**
 * Memory as bytes, and code as instructions. The protocol has one address space and this computer has many, so an
 * address carries its space in the high half: a process's pid; 0 for the kernel's; PHYSICAL for page frames.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { ADDRESS } from '../machine/link.js';
import { WORDS } from '../isa/isa.js';
import type { Machine } from '../machine/machine.js';
import { mayWrite, physicalForWriting, readBytes, writePhysical } from '../computer/inspect-memory.js';
import { taskByTid } from '../computer/inspect.js';
import { fromBase64, toBase64 } from './base64.js';
import type { Debuggee } from './debuggee.js';
import { instructionText } from './disassembly.js';
import { bytesOf, recordAt } from './kernel-memory.js';
import { RequestError, type HandlerTable } from './protocol.js';
import type { SessionState } from './session-state.js';
import { reference } from './stack.js';
import { PHYSICAL, memoryName } from './scopes.js';

const MOST_BYTES = 1 << 20;
const MOST_INSTRUCTIONS = 10_000;

interface Place {
  space: number;
  address: number;
}

function placeOf(memoryReference: string, offset: number): Place {
  let whole: bigint;
  try {
    whole = BigInt(memoryReference) + BigInt(offset);
  } catch {
    throw new RequestError(`${memoryReference.slice(0, 50)} is no address.`);
  }
  if (whole < 0n || whole >= 1n << 63n) throw new RequestError(`${memoryReference} is no address.`);
  return { space: Number(whole >> 32n), address: Number(whole & 0xffff_ffffn) };
}

/** The bytes from a place on: as many as are there, up to `count`. */
function bytesAt({ machine }: Debuggee, { space, address }: Place, count: number): Uint8Array {
  if (space === PHYSICAL) {
    const there = Math.max(0, Math.min(count, machine.memory.bytes - address));
    const bytes = new Uint8Array(there);
    for (let i = 0; i < there; i++)
      bytes[i] = machine.memory.frames[(address + i) >>> 12]?.bytes[(address + i) & 4095] ?? 0;
    return bytes;
  }
  if (address >= ADDRESS.KERNEL) {
    const record = recordAt(machine, address);
    return record
      ? bytesOf(record).subarray(address - record.address, address - record.address + count)
      : new Uint8Array();
  }
  const task = taskByTid(machine, space);
  return task ? readBytes(machine, task, address, count) : new Uint8Array();
}

/** Writes page by page; part of an input. */
function writeAt(machine: Machine, { space, address }: Place, bytes: Uint8Array): void {
  const task = taskByTid(machine, space);
  for (let done = 0; done < bytes.length;) {
    const at = address + done;
    const piece = Math.min(bytes.length - done, 4096 - (at & 4095));
    const pa = space === PHYSICAL ? at : task ? physicalForWriting(machine, task, at) : -1;
    if (pa >= 0) writePhysical(machine, pa, bytes.subarray(done, done + piece));
    done += piece;
  }
}

export function memoryHandlers(session: SessionState): HandlerTable {
  return {
    readMemory: ({ memoryReference, offset, count }) => {
      const debuggee = session.stopped();
      const place = placeOf(memoryReference, offset ?? 0);
      const bytes = bytesAt(debuggee, place, Math.min(count, MOST_BYTES));
      const missing = count - bytes.length;
      return {
        address: memoryName(place.space, place.address),
        ...(missing > 0 ? { unreadableBytes: missing } : {}),
        ...(bytes.length > 0 ? { data: toBase64(bytes) } : {}),
      };
    },

    writeMemory: ({ memoryReference, offset, allowPartial, data }) => {
      const debuggee = session.stopped();
      const { machine } = debuggee;
      const place = placeOf(memoryReference, offset ?? 0);
      const bytes = fromBase64(data);
      if (!bytes) throw new RequestError('The data are not base64.');
      if (place.space !== PHYSICAL && place.address >= ADDRESS.KERNEL) {
        throw new RequestError("The kernel's records are written by their fields: set the variable.");
      }
      const task = taskByTid(machine, place.space);
      const writable = (at: number): boolean =>
        place.space === PHYSICAL ? at < machine.memory.bytes : task !== null && mayWrite(task, at);
      let there = 0;
      while (there < bytes.length && writable(place.address + there)) there++;
      if (there < bytes.length && allowPartial !== true)
        throw new RequestError('The program itself may not write there.');
      if (there > 0) session.execution.input(() => writeAt(machine, place, bytes.subarray(0, there)));
      session.event('invalidated', { areas: ['variables'] });
      return { offset: 0, bytesWritten: there };
    },

    disassemble: ({ memoryReference, offset, instructionOffset, instructionCount }) => {
      const debuggee = session.stopped();
      const { address } = placeOf(memoryReference, 0);
      const first = address + (offset ?? 0) + (instructionOffset ?? 0) * WORDS;
      const count = Math.min(instructionCount, MOST_INSTRUCTIONS);
      const instructions: P.DisassembledInstruction[] = [];
      let line = 0;
      for (let i = 0; i < count; i++) {
        const row = instructionAt(session, debuggee, first + i * WORDS);
        // The source is sent only where it changes; the view repeats it.
        if (row.line !== undefined && row.line === line && i > 0) delete row.location;
        line = row.line ?? 0;
        instructions.push(row);
      }
      return { instructions };
    },
  };
}

function instructionAt(session: SessionState, { machine, code }: Debuggee, address: number): P.DisassembledInstruction {
  const { program } = machine;
  const pc = address < 0 ? -1 : program.pcOf(address);
  if (pc < 0)
    return { address: address < 0 ? '-1' : reference(address), instruction: '(no code)', presentationHint: 'invalid' };
  const f = program.functionAt(pc);
  const position = code.positionAt(pc);
  return {
    address: reference(address),
    instruction: instructionText(program, pc),
    ...(f && f.entry === pc ? { symbol: f.name } : {}),
    ...(position
      ? {
          location: session.sourceOf(position.uri),
          ...session.startToClient(position),
          // VS Code would select to the end of the line.
          endColumn: session.columnToClient(position.column),
        }
      : {}),
  };
}
