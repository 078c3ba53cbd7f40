import { DESCRIPTOR_NAME } from "../../packaging/package-layout.ts";
import type { BagFiles } from "./bag-files.ts";

/** Tells a legal-hold package from any other bag. */
export function isPackage({ regular, other }: Pick<BagFiles, "regular" | "other">): boolean {
  return regular.has(DESCRIPTOR_NAME) || other.has(DESCRIPTOR_NAME);
}
