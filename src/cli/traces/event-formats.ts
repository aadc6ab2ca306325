/**
 * The bytes of an event in Linux's ring buffer, and the text that says what they are, as in
 * /sys/kernel/tracing/events/sched/sched_switch/format. An event's first occurrence decides on the kinds of its fields.
 */
import type { FieldKind, LinuxEvent, LinuxField } from './linux-events.js';

/** Before an event's own fields: type, flags, preemption, pid. */
const COMMON = `\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;
`;
const COMMON_BYTES = 8;
const IRQS_OFF = 1;
const IN_INTERRUPT = 8;
/** Linux's own events have numbers below. */
const FIRST_TYPE = 300;
/** A text is cut there: an event must fit into a page. */
const LONGEST_TEXT = 500;

const KINDS: Readonly<Record<FieldKind, { bytes: number; declared: (name: string) => string; shown: string }>> = {
  int: { bytes: 4, declared: (name) => `int ${name}`, shown: '%d' },
  long: { bytes: 8, declared: (name) => `long ${name}`, shown: '%ld' },
  comm: { bytes: 16, declared: (name) => `char ${name}[16]`, shown: '%s' },
  string: { bytes: 4, declared: (name) => `__data_loc char[] ${name}`, shown: '%s' },
};

interface Format {
  type: number;
  name: string;
  fields: { name: string; kind: FieldKind; offset: number }[];
  /** Where texts begin. */
  bytes: number;
}

export class EventFormats {
  private readonly formats = new Map<string, Format>();

  encode({ name, pid, inInterrupt, fields }: LinuxEvent): Uint8Array {
    const format = this.formatOf(name, fields);
    const values = format.fields.map(({ name: wanted }, i) =>
      fields[i]?.name === wanted ? fields[i] : fields.find((field) => field.name === wanted),
    );
    const texts = format.fields.map(({ kind }, i) => (kind === 'string' ? textOf(values[i]) : null));
    const bytes = Buffer.alloc(format.bytes + texts.reduce((sum, text) => sum + (text?.length ?? 0), 0));
    bytes.writeUInt16LE(format.type, 0);
    bytes.writeUInt8(inInterrupt ? IRQS_OFF | IN_INTERRUPT : IRQS_OFF, 2);
    bytes.writeInt32LE(pid, 4);
    let end = format.bytes;
    format.fields.forEach(({ kind, offset }, i) => {
      const value = values[i]?.value ?? 0;
      const text = texts[i];
      if (text) {
        bytes.writeUInt32LE(end + text.length * 0x10000, offset);
        bytes.set(text, end);
        end += text.length;
      } else if (kind === 'comm') bytes.write(String(value), offset, 15, 'utf8');
      else if (kind === 'int') bytes.writeInt32LE(Number(value), offset);
      else bytes.writeBigInt64LE(BigInt(Math.trunc(Number(value)) || 0), offset);
    });
    return bytes;
  }

  /** By the system that an event belongs to, `sched` for `sched_switch`: the texts of their formats. */
  texts(): [system: string, texts: string[]][] {
    const systems = new Map<string, string[]>();
    for (const format of this.formats.values()) {
      const system = systemOf(format.name);
      systems.set(system, [...(systems.get(system) ?? []), textOfFormat(format)]);
    }
    return [...systems];
  }

  private formatOf(name: string, fields: readonly LinuxField[]): Format {
    let format = this.formats.get(name);
    if (!format) {
      let offset = COMMON_BYTES;
      const placed = fields.map(({ name: field, kind }) => {
        const { bytes } = KINDS[kind];
        if (bytes < 16) offset = Math.ceil(offset / bytes) * bytes;
        const place = { name: field, kind, offset };
        offset += bytes;
        return place;
      });
      format = { type: FIRST_TYPE + this.formats.size, name, fields: placed, bytes: offset };
      this.formats.set(name, format);
    }
    return format;
  }
}

function textOf(field: LinuxField | undefined): Buffer {
  return Buffer.from(`${String(field?.value ?? '').slice(0, LONGEST_TEXT)}\0`);
}

function systemOf(name: string): string {
  return /^(sys_enter|sys_exit)$/.test(name) ? 'raw_syscalls' : (/^[a-z]+/.exec(name)?.[0] ?? name);
}

function textOfFormat({ type, name, fields }: Format): string {
  const lines = fields.map(({ name: field, kind, offset }) => {
    const { bytes, declared } = KINDS[kind];
    const signed = kind === 'string' ? 0 : 1;
    return `\tfield:${declared(field)};\toffset:${offset};\tsize:${bytes};\tsigned:${signed};\n`;
  });
  const shown = fields.map(({ name: field, kind }) => `${field}=${KINDS[kind].shown}`).join(' ');
  const values = fields.map(({ name: field, kind }) =>
    kind === 'string' ? `, __get_str(${field})` : `, REC->${field}`,
  );
  return `name: ${name}\nID: ${type}\nformat:\n${COMMON}\n${lines.join('')}\nprint fmt: "${shown}"${values.join('')}\n`;
}
