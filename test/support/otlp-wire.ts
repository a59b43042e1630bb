/** Reads what OTLP says of spans, field by field as opentelemetry/proto/trace/v1/trace.proto numbers them. */

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty = it begins a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  /** Attributes of the process that sent it. */
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The spans of an ExportTraceServiceRequest. */
export function spansIn(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = attributesIn(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => ({ ...spanIn(span), resource })),
    );
  });
}

function spanIn(span: Buffer): Omit<ReceivedSpan, 'resource'> {
  const [status = Buffer.alloc(0)] = messages(span, 15);
  return {
    traceId: bytes(span, 1).toString('hex'),
    spanId: bytes(span, 2).toString('hex'),
    parentSpanId: bytes(span, 4).toString('hex'),
    name: bytes(span, 5).toString(),
    kind: Number(number(span, 6)),
    startMs: Number(number(span, 7)) / 1e6,
    endMs: Number(number(span, 8)) / 1e6,
    attributes: attributesIn(span, 9),
    status: Number(number(status, 3)),
  };
}

function attributesIn(message: Buffer, at: number): Record<string, string | number | boolean> {
  return Object.fromEntries(
    messages(message, at).map((pair) => [bytes(pair, 1).toString(), valueIn(bytes(pair, 2))]),
  );
}

/** An AnyValue, as far as our spans have them. */
function valueIn(any: Buffer): string | number | boolean {
  const [field] = fields(any);
  if (!field) return '';
  if (typeof field.value !== 'bigint')
    return field.number === 1 ? field.value.toString() : field.value.toString('hex');
  if (field.number === 2) return field.value === 1n;
  if (field.number === 4) return Buffer.from(new BigUint64Array([field.value]).buffer).readDoubleLE();
  return Number(BigInt.asIntN(64, field.value));
}

function messages(message: Buffer, at: number): Buffer[] {
  return fields(message).flatMap(({ number, value }) =>
    number === at && typeof value !== 'bigint' ? [value] : [],
  );
}

function bytes(message: Buffer, at: number): Buffer {
  return messages(message, at)[0] ?? Buffer.alloc(0);
}

function number(message: Buffer, at: number): bigint {
  const field = fields(message).find((each) => each.number === at);
  return typeof field?.value === 'bigint' ? field.value : 0n;
}

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) found.push({ number: tag >> 3, value: varint() });
    else if (wire === 1) found.push({ number: tag >> 3, value: take(8).readBigUInt64LE() });
    else if (wire === 2) found.push({ number: tag >> 3, value: take(Number(varint())) });
    else if (wire === 5) found.push({ number: tag >> 3, value: BigInt(take(4).readUInt32LE()) });
    else throw new Error(`Wire type ${wire} is not of this format`);
  }
  return found;
}
