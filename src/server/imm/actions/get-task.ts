import { flagFrom, type ImmAction, notFound, projectOf, required } from '../call.ts';
import { taskInfo } from '../task-info.ts';

const action: ImmAction = {
  name: 'GetTask',
  docs: 'https://www.alibabacloud.com/help/en/imm/developer-reference/api-imm-2020-09-30-gettask',
  run(call, oss) {
    const project = projectOf(call, oss);
    const type = required(call, 'TaskType');
    const id = required(call, 'TaskId');
    const definition = flagFrom(call, 'RequestDefinition');
    const task = oss.store.tasks.get(id);
    if (task === undefined || task.type !== type) return notFound('Task');
    return { ProjectName: project, EventId: task.eventId, ...taskInfo(task, definition) };
  },
};

export default action;
