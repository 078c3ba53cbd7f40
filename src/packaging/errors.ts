import { HoldfastError } from "../core/errors.ts";

/** A container is not as its format has it, or so that programs would find different things in it. */
export class ContainerInvalidError extends HoldfastError<"CONTAINER_INVALID"> {
  readonly code = "CONTAINER_INVALID";
}

/** A container holds something that cannot be read where it lies. */
export class ContainerUnsupportedError extends HoldfastError<"CONTAINER_UNSUPPORTED"> {
  readonly code = "CONTAINER_UNSUPPORTED";

  constructor(message: string) {
    super(message, { hint: "unpack it, and verify the folder" });
  }
}
