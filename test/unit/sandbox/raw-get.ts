import { connect } from "node:net";

/** What came over the wire, and how the connection ended. */
export interface RawReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** As it was sent, with the frames of chunks. */
  readonly body: Buffer;
  readonly end: "fin" | "rst" | "left";
}

/** What is asked, and when to leave. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Leaves after so many bytes of the body, without waiting for the end. */
  readonly leaveAtByte?: number;
}

/** Asks over a bare socket, so that a reset, an end and a silence can be told apart. */
export function rawGet(url: string, { method = "GET", headers = {}, leaveAtByte }: RawRequest = {}): Promise<RawReply> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const lines = Object.entries({ Host: host, Connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const finish = (end: RawReply["end"]) => resolve({ ...parseReply(Buffer.concat(chunks)), end });
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (leaveAtByte === undefined || parseReply(Buffer.concat(chunks)).body.length < leaveAtByte) return;
      socket.destroy();
      finish("left");
    });
    socket.on("end", () => finish("fin"));
    socket.on("error", () => finish("rst"));
    socket.write(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  });
}

function parseReply(bytes: Buffer): Omit<RawReply, "end"> {
  const split = bytes.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = bytes.subarray(0, Math.max(split, 0)).toString().split("\r\n");
  const pairs = lines.map((line) => line.split(/: (.*)/, 2));
  const headers = new Map(pairs.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
  const body = split < 0 ? Buffer.alloc(0) : bytes.subarray(split + 4);
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body };
}
