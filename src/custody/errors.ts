import { HoldfastError } from "../core/errors.ts";

/** A rule that the operator has set stands against what was asked for; it was not done. */
export class PolicyRefusedError extends HoldfastError<"POLICY_REFUSED"> {
  readonly code = "POLICY_REFUSED";
}
