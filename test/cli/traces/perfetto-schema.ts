/** What the tests know of Perfetto's format: a small schema of their own, read by another library than ours. */
import protobuf from 'protobufjs';

const SCHEMA = `syntax = "proto2";
message Trace { repeated TracePacket packet = 1; }
message TracePacket {
  optional FtraceEventBundle ftrace_events = 1;
  optional uint64 timestamp = 8;
  optional uint32 trusted_packet_sequence_id = 10;
  optional TrackEvent track_event = 11;
  optional InternedData interned_data = 12;
  optional uint32 sequence_flags = 13;
  optional TrackDescriptor track_descriptor = 60;
}
message FtraceEventBundle { optional uint32 cpu = 1; repeated FtraceEvent event = 2; }
message FtraceEvent {
  optional uint64 timestamp = 1;
  optional uint32 pid = 2;
  optional SchedSwitch sched_switch = 4;
  optional uint32 common_flags = 5;
  optional SchedWaking sched_waking = 20;
}
message SchedSwitch {
  optional string prev_comm = 1; optional int32 prev_pid = 2; optional int32 prev_prio = 3; optional int64 prev_state = 4;
  optional string next_comm = 5; optional int32 next_pid = 6; optional int32 next_prio = 7;
}
message SchedWaking {
  optional string comm = 1; optional int32 pid = 2; optional int32 prio = 3; optional int32 success = 4;
  optional int32 target_cpu = 5;
}
message TrackEvent {
  repeated uint64 category_iids = 3;
  repeated DebugAnnotation debug_annotations = 4;
  optional int32 type = 9;
  optional uint64 name_iid = 10;
  optional uint64 track_uuid = 11;
  optional int64 counter_value = 30;
  repeated fixed64 flow_ids = 47;
  repeated fixed64 terminating_flow_ids = 48;
}
message DebugAnnotation {
  optional uint64 name_iid = 1; optional bool bool_value = 2; optional int64 int_value = 4; optional string string_value = 6;
}
message InternedData {
  repeated Interned event_categories = 1; repeated Interned event_names = 2; repeated Interned debug_annotation_names = 3;
}
message Interned { optional uint64 iid = 1; optional string name = 2; }
message TrackDescriptor {
  optional uint64 uuid = 1; optional string name = 2;
  optional ProcessDescriptor process = 3; optional ThreadDescriptor thread = 4; optional CounterDescriptor counter = 8;
}
message ProcessDescriptor { optional int32 pid = 1; optional string process_name = 6; }
message ThreadDescriptor { optional int32 pid = 1; optional int32 tid = 2; optional string thread_name = 5; }
message CounterDescriptor { optional int32 unit = 3; }
`;

/** Field 1, with a length. */
const PACKET_TAG = 10;

export interface Switch {
  prevComm: string;
  prevPid: number;
  prevPrio: number;
  prevState: number;
  nextComm: string;
  nextPid: number;
  nextPrio: number;
}

export interface FtraceEvent {
  timestamp: number;
  pid: number;
  commonFlags?: number;
  schedSwitch?: Switch;
  schedWaking?: { comm: string; pid: number; targetCpu: number };
}

interface Interned {
  iid: number;
  name: string;
}

export interface Packet {
  timestamp?: number;
  trustedPacketSequenceId: number;
  sequenceFlags?: number;
  ftraceEvents?: { cpu: number; event: FtraceEvent[] };
  trackEvent?: {
    type: number;
    trackUuid: number;
    nameIid?: number;
    categoryIids?: number[];
    counterValue?: number;
    flowIds?: number[];
    terminatingFlowIds?: number[];
    debugAnnotations?: { nameIid: number; intValue?: number; stringValue?: string; boolValue?: boolean }[];
  };
  internedData?: { eventCategories?: Interned[]; eventNames?: Interned[]; debugAnnotationNames?: Interned[] };
  trackDescriptor?: {
    uuid: number;
    name?: string;
    process?: { pid: number; processName: string };
    thread?: { pid: number; tid: number; threadName: string };
    counter?: object;
  };
}

const schema = protobuf.parse(SCHEMA).root;
const TracePacket = schema.lookupType('TracePacket');

/** The packets of a trace, one at a time. Fails on bytes that are none. */
export function* packetsOf(bytes: Uint8Array): Generator<Packet> {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    if (reader.uint32() !== PACKET_TAG) throw new Error(`no packet begins at byte ${reader.pos}`);
    const size = reader.uint32();
    const end = reader.pos + size;
    const decoded = TracePacket.decode(reader, size);
    if (reader.pos !== end) throw new Error(`a packet ends at byte ${reader.pos} instead of ${end}`);
    yield TracePacket.toObject(decoded, { longs: Number }) as Packet;
  }
}

/** How many bytes the packets have when they are written again: what the schema does not know is lost by that. */
export function sizeAgain(bytes: Uint8Array): number {
  const Trace = schema.lookupType('Trace');
  return Trace.encode(Trace.decode(bytes)).finish().length;
}
