import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The temporary folder of one benchmark; everything that is made for it lies there. */
export class Workspace {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes a new one; the caller removes it. */
  static async create(name: string): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), `holdfast-bench-${name}-`)));
  }

  /** Gives the path of something in it, whether it is there or not. */
  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** Makes a folder in it, empty, whatever was there before. */
  async emptyFolder(...parts: readonly string[]): Promise<string> {
    const path = this.path(...parts);
    await rm(path, { recursive: true, force: true });
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Removes it with all that is in it. */
  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
