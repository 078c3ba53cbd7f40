import type { FindingKind } from "../core/finding.ts";
import { BAG_MARK, type ContainedFile } from "./container.ts";
import { ContainerInvalidError } from "./errors.ts";

/** What stands in a container under one name. */
export interface ContainerEntry {
  /** From the top of the container on. */
  readonly name: string;
  /** `other` is a link or a device: it was neither followed nor read. */
  readonly kind: "regular" | "folder" | "other";
  readonly startByte: number;
  readonly endByte: number;
}

/** Something about a container that should not be so; the rest of it can be read nevertheless. */
export interface ContentsNote {
  readonly kind: FindingKind;
  /** From the top of the container on; undefined for all of it. */
  readonly name: string | undefined;
  /** One sentence for a person. */
  readonly message: string;
}

/** What lies in a container. */
export interface Contents {
  /** The one folder in which all of it lies (RFC 8493 section 4.1). */
  readonly rootName: string;
  /** By path from that folder on, as all that follows. */
  readonly files: ReadonlyMap<string, ContainedFile>;
  readonly folders: ReadonlySet<string>;
  /** Links and devices. */
  readonly others: ReadonlySet<string>;
  readonly notes: readonly ContentsNote[];
}

/** Tells whether a name is that of a bag's declaration. */
export function isBagMark(name: string): boolean {
  const [top = "", mark, ...rest] = toPlainName(name).split("/");
  return top !== "" && mark === BAG_MARK && rest.length === 0;
}

/** Gathers what lies in a container. Nothing of it is touched that could lead elsewhere when it is unpacked. */
export class ContentsDraft {
  readonly #location: string;
  readonly #entries: ContainerEntry[] = [];
  readonly #notes: ContentsNote[] = [];

  /** @param location - How errors name the container. */
  constructor(location: string) {
    this.#location = location;
  }

  add(entry: ContainerEntry): void {
    const name = toPlainName(entry.name);
    // The folder itself, as `tar -c .` has it.
    if (name === "" && entry.kind === "folder") return;
    const reason = toUnsafeReason(name);
    if (reason === undefined) this.#entries.push(name === entry.name ? entry : { ...entry, name });
    else this.note({ kind: "unsafe-path", name: entry.name, message: `its name ${reason}; it was not touched` });
  }

  note(note: ContentsNote): void {
    this.#notes.push(note);
  }

  /** @throws {ContainerInvalidError} there is not one folder in which it lies. */
  end(): Contents {
    const rootName = this.#toRootName();
    const files = new Map<string, ContainedFile>();
    const [folders, others] = [new Set<string>(), new Set<string>()];
    for (const entry of this.#entries) {
      const { kind, name, startByte, endByte } = entry;
      const path = name.startsWith(`${rootName}/`) ? name.slice(rootName.length + 1) : undefined;
      if (path === undefined) this.#noteOutside(entry, rootName);
      else if (kind === "folder") folders.add(path);
      else if (files.has(path) || others.has(path)) this.note({ kind: "unexpected", name, message: TWICE });
      else if (kind === "other") others.add(path);
      else files.set(path, { path, startByte, endByte });
    }
    return { rootName, files, folders, others, notes: this.#notes };
  }

  #noteOutside({ kind, name }: ContainerEntry, rootName: string): void {
    if (kind === "folder" && name === rootName) return;
    this.note({ kind: "unexpected", name, message: `it does not lie in ${rootName}, the folder in which all should` });
  }

  /** Where there are several, that of the bag. */
  #toRootName(): string {
    const tops = new Set<string>();
    for (const { name, kind } of this.#entries) if (kind === "folder" || name.includes("/")) tops.add(toTop(name));
    const marked = this.#entries.filter(({ name }) => isBagMark(name)).map(({ name }) => toTop(name));
    const [first, ...more] = tops.size === 1 ? tops : new Set(marked);
    if (first !== undefined && more.length === 0) return first;
    const count = first === undefined ? "no folder that is a bag" : `${more.length + 1} folders that are bags`;
    throw new ContainerInvalidError(`has ${count}: ${this.#location}`);
  }
}

const TWICE = "there is more than one of this name, and programs differ in which of them they give";

function toTop(name: string): string {
  return name.split("/", 1)[0] ?? name;
}

/** As tar names what lies in the folder that it is started in, and as both formats name folders. */
function toPlainName(name: string): string {
  return name
    .replace(/^(?:\.\/)+/, "")
    .replace(/^\.$/, "")
    .replace(/(?<=.)\/$/, "");
}

function toUnsafeReason(name: string): string | undefined {
  if (name.includes("\0")) return "has a zero byte";
  if (name.includes("\\")) return "has a backslash";
  if (/^(?:\/|[A-Za-z]:)/.test(name)) return "is an absolute path";
  if (/(?:^|\/)\.\.(?:\/|$)/.test(name)) return "leads upwards";
  return /(?:^|\/)\.?(?:\/|$)/.test(name) ? "has a part that is empty or a dot" : undefined;
}
