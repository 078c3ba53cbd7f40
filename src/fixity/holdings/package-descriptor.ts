import { tryParseJson } from "../../core/try-parse-json.ts";
import { DESCRIPTOR_NAME } from "../../packaging/package-layout.ts";
import { PackageDescriptor } from "../../packaging/schema.ts";
import type { BagFiles } from "./bag-files.ts";
import { readPackageFile } from "./read-package-file.ts";

/** Reads what a package says of itself, or why nothing can be read. */
export async function readDescriptor(files: BagFiles): Promise<PackageDescriptor | { readonly problem: string }> {
  const read = await readPackageFile(files, DESCRIPTOR_NAME);
  if ("problem" in read) return read;
  const parsed = PackageDescriptor.safeParse(tryParseJson(Buffer.from(read.bytes).toString("utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  return { problem: `it is not of the form that is known here${where}` };
}
