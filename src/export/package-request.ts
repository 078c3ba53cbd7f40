import type { LoadFileProfile } from "../loadfile/profiles.ts";
import type { PackageForm } from "../packaging/container.ts";
import type { RequestTimestampOptions } from "../timestamp/request-timestamp.ts";
import type { PackageSigner } from "./sign-package.ts";

/** What a package is to be, beside what goes into it. */
export interface PackageRequest {
  readonly case: string;
  /** Whose recordings they are. */
  readonly organisation: string | undefined;
  /** Who exports, as the ledger and the package name them. */
  readonly madeBy: string;
  /** Where the package gets its name; made if it is not there. */
  readonly outFolder: string;
  readonly form: PackageForm;
  readonly loadFile: LoadFileProfile | undefined;
  readonly signer: PackageSigner | undefined;
  readonly stamp: PackageStamp | undefined;
}

/** Who stamps the time on a package. */
export interface PackageStamp extends Pick<RequestTimestampOptions, "timeoutMs" | "trusted"> {
  /** The authority's address. */
  readonly url: string;
}
