import type { AudioFormat } from "../../core/audio-format.ts";
import type { Participant } from "../../core/recording.ts";

/**
 * How a recording is made, in the words of the page.
 *
 * @see Vendor API page, "Recording Parameters" and "Legal Notices"
 */
export interface RecordingSettings {
  readonly format?: AudioFormat | undefined;
  readonly participant?: Participant | undefined;
  /** In kbit/s. */
  readonly bitrate?: number | undefined;
  /** In Hz: 8000 or 16000. */
  readonly sample_rate?: number | undefined;
}

/** Whether and how a call that is yet to come is recorded. */
export interface CallRecording extends RecordingSettings {
  readonly enabled: boolean;
  /** Plays a notification. */
  readonly announce?: boolean | undefined;
  /** What the notification says. */
  readonly announcement?: string | undefined;
}

/** @see Vendor API page, "Automatic Recording" */
export interface CallRequest {
  readonly from: string;
  readonly to: string;
  readonly recording?: CallRecording | undefined;
}

/** @see Vendor API page, "Recording for Inbound Calls" */
export interface CallFlowRequest {
  readonly name: string;
  readonly phone_number: string;
  readonly recording?: CallRecording | undefined;
  readonly routing: readonly CallRoute[];
}

/** Where a call flow sends calls that match. */
export interface CallRoute {
  readonly pattern: string;
  readonly destination: string;
  readonly destination_type: string;
}

/** Which rows of the list to return. */
export interface PageRequest {
  readonly callId?: string | undefined;
  /** Sent in whole seconds, rounded down, as the page writes it. */
  readonly sinceMs?: number | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}
