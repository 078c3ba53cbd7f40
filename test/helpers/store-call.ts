import { Readable } from "node:stream";
import type { Archive } from "../../src/archive/archive.ts";
import type { Sidecar } from "../../src/archive/schema.ts";
import type { LocatedSidecar } from "../../src/archive/sidecar.ts";
import { makeSidecar, readFixture } from "./store-recording.ts";

/** What a leg of a call is, where it is not as of {@link makeSidecar}. */
export interface CallLeg extends Partial<Pick<Sidecar, "callId" | "evidence" | "notice">> {
  readonly createdAt?: string;
  readonly vendor?: Partial<Sidecar["vendor"]>;
  /** @default a short MP3 */
  readonly fixture?: string;
}

/** Stores one leg of a call, the way fetch does. */
export async function storeCall(
  archive: Archive,
  id: string,
  { createdAt, vendor, fixture = "mp3-32k-8000.mp3", ...own }: CallLeg = {},
): Promise<LocatedSidecar> {
  const bytes = await readFixture(fixture);
  const sidecar = await makeSidecar(id, bytes);
  const staged = archive.stage("leg");
  await staged.write(Readable.from([bytes]), () => undefined);
  const created = createdAt === undefined ? {} : { createdAt };
  return archive.storeOriginal(staged, { ...sidecar, ...own, vendor: { ...sidecar.vendor, ...created, ...vendor } });
}
