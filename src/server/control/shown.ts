/** Tasks and messages as the control API shows them. */
import type { Message } from '../../store/messages.ts';
import type { Task } from '../../store/task.ts';

/** A task as the contract shows it. */
export const shownTask = (task: Task) => ({
  TaskId: task.id,
  EventId: task.eventId,
  RequestId: task.requestId,
  TaskType: task.type,
  Status: task.state,
  Progress: task.progress,
  Code: task.code,
  Message: task.message,
  Bucket: task.bucket,
  Key: task.key,
  Process: task.process,
  CreatedTime: task.created.toISOString(),
  StartTime: (task.started ?? task.created).toISOString(),
  EndTime: task.ended?.toISOString() ?? '',
  Outputs: task.outputs.map(({ bucket, key, size, etag }) => ({ Bucket: bucket, Key: key, Size: size, ETag: etag })),
  Result: task.result,
  Warnings: task.warnings,
  Attempts: task.attempts,
});

export const shownMessage = (message: Message) => ({
  MessageId: message.id,
  Topic: message.topic,
  TaskId: message.task,
  State: message.state,
  Attempts: message.attempts,
  LastError: message.lastError,
  Created: message.created.toISOString(),
  Delivered: message.delivered?.toISOString() ?? '',
  Body: JSON.parse(message.body) as unknown,
});
