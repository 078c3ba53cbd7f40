import { type AllowedSigner, findPrincipal } from "../signing/allowed-signers.ts";
import type { Problem } from "../signing/problem.ts";
import { verifySshSignature } from "../signing/ssh-signature.ts";
import { APPROVAL_NAMESPACE } from "./hold-statement.ts";

/** A signature as it was handed in. */
export interface Approval {
  /** Names it in messages: the path of its file. */
  readonly name: string;
  readonly signature: string;
}

/** An approval that counts, and whose it is. */
export interface CountedApproval extends Approval {
  readonly principal: string;
}

/** What became of the approvals. */
export interface ApprovalCount {
  readonly counted: readonly CountedApproval[];
  /** Each with what is wrong with it. */
  readonly rejected: readonly (Problem & { readonly name: string })[];
}

/** Against what approvals are held. */
export interface ApprovalTerms {
  /** What must have been signed, to the letter. */
  readonly statement: string;
  readonly signers: readonly AllowedSigner[];
  /** Who asks for it: nobody approves what is his own. */
  readonly actor: string;
  readonly nowMs: number;
}

/** Finds out which approvals count: each is of another person, of whom the signers' file knows the key. */
export function countApprovals(approvals: readonly Approval[], terms: ApprovalTerms): ApprovalCount {
  const counted: CountedApproval[] = [];
  const rejected: (Problem & { readonly name: string })[] = [];
  for (const approval of approvals) {
    const judged = judge(approval, terms, counted);
    if ("problem" in judged) rejected.push({ name: approval.name, ...judged });
    else counted.push({ ...approval, ...judged });
  }
  return { counted, rejected };
}

function judge(
  { signature }: Approval,
  { statement, signers, actor, nowMs }: ApprovalTerms,
  counted: readonly CountedApproval[],
): { readonly principal: string } | Problem {
  const namespace = APPROVAL_NAMESPACE;
  const verified = verifySshSignature(signature, Buffer.from(statement), { namespace });
  if ("problem" in verified) return verified;
  const principal = findPrincipal(signers, { publicKey: verified.publicKey, namespace, nowMs });
  if (principal === undefined) return { problem: "the approvers' file does not allow its key to approve now" };
  if (/[*?!,]/.test(principal)) return { problem: `the approvers' file does not say whose key it is: ${principal}` };
  if (isSamePerson(principal, actor)) return { problem: `${principal} is who asks for the release` };
  if (counted.some((other) => isSamePerson(other.principal, principal))) {
    return { problem: `${principal} has approved already` };
  }
  return { principal };
}

function isSamePerson(one: string, other: string): boolean {
  return one.normalize("NFC").toLowerCase() === other.normalize("NFC").toLowerCase();
}
