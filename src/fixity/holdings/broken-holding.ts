import type { HoldfastError } from "../../core/errors.ts";
import { isThere } from "../../io/is-there.ts";
import type { Holding } from "../holding.ts";

/** Stands for a container of which it cannot be told what is in it: that is found, and nothing of it is verified. */
export function toBrokenHolding(path: string, { message }: HoldfastError): Holding {
  const said = `${message}; nothing that is in it was verified`;
  return {
    noun: "container",
    location: path,
    findings: [{ kind: "unreadable", subject: path, message: said, detail: {} }],
    remarks: [],
    planned: { files: 0, bytes: 0 },
    async *units() {},
    isReachable: () => isThere(path),
  };
}
