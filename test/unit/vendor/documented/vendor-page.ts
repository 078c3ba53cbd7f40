/** Replies word for word from the vendor's API page "Call Recording". */
export const STARTED = {
  call_id: "call_xyz789",
  recording_id: "rec_abc123",
  status: "recording",
  started_at: "2024-01-15T10:30:05Z",
  format: "mp3",
};

export const STOPPED = {
  call_id: "call_xyz789",
  recording_id: "rec_abc123",
  status: "stopped",
  stopped_at: "2024-01-15T10:35:10Z",
  duration: 305,
};

export const RECORDING = {
  recording_id: "rec_abc123",
  call_id: "call_xyz789",
  duration: 305,
  file_size: 1536000,
  file_format: "mp3",
  bitrate: 64,
  sample_rate: 16000,
  channels: 1,
  status: "completed",
  created_at: "2024-01-15T10:35:10Z",
  completed_at: "2024-01-15T10:36:00Z",
};

export const LIST = {
  data: [
    {
      recording_id: "rec_abc123",
      call_id: "call_xyz789",
      duration: 305,
      file_size: 1536000,
      status: "completed",
      created_at: "2024-01-15T10:35:10Z",
    },
    {
      recording_id: "rec_abc124",
      call_id: "call_xyz790",
      duration: 125,
      file_size: 640000,
      status: "completed",
      created_at: "2024-01-14T14:20:30Z",
    },
  ],
  pagination: { total: 152, limit: 50, offset: 0, has_more: true },
};

export const DELETED = { recording_id: "rec_abc123", deleted_at: "2024-01-15T11:00:00Z" };

export const QUOTA_EXCEEDED = { error: "quota_exceeded", message: "Recording storage quota exceeded", code: 429 };
export const NOT_FOUND = { error: "not_found", message: "Recording not found", code: 404 };
export const INVALID_FORMAT = { error: "invalid_format", message: "Recording format is not supported", code: 400 };
