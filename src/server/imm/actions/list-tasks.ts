import { type Span, type TaskMark, type TaskSort, taskSorts } from '../../../store/task-pages.ts';
import { jsonFrom } from '../../json.ts';
import { flagFrom, type ImmAction, type ImmCall, invalid, projectOf, wordFrom } from '../call.ts';
import { immStates, statesOf, taskInfo } from '../task-info.ts';

const MOST = 100;

const action: ImmAction = {
  name: 'ListTasks',
  docs: 'https://www.alibabacloud.com/help/en/imm/developer-reference/api-imm-2020-09-30-listtasks',
  run(call, oss) {
    const project = projectOf(call, oss);
    const limit = limitFrom(call);
    const definition = flagFrom(call, 'RequestDefinition');
    const state = wordFrom(call, 'Status', immStates);
    const sort = wordFrom(call, 'Sort', taskSorts) ?? 'TaskId';
    const after = markFrom(call, sort);
    const range = {
      states: state === undefined ? [] : statesOf[state],
      types: typesFrom(call),
      started: spanFrom(call, 'StartTimeRange'),
      ended: spanFrom(call, 'EndTimeRange'),
      sort,
      // The API's pages write DES, its callers often DESC.
      descending: (wordFrom(call, 'Order', ['ASC', 'DES', 'DESC']) ?? 'ASC') !== 'ASC',
      limit,
      ...(after === undefined ? {} : { after }),
    };
    // No request of OSS's can give a task a tag.
    const tagged = (call.params.get('TagSelector') ?? '') !== '';
    const { tasks, next } = tagged ? { tasks: [], next: undefined } : oss.store.tasks.page(range);
    return {
      ProjectName: project,
      MaxResults: String(limit),
      ...(next === undefined ? {} : { NextToken: tokenOf(sort, next) }),
      Tasks: tasks.map((task) => taskInfo(task, definition)),
    };
  },
};

function limitFrom({ params }: ImmCall): number {
  const text = params.get('MaxResults') ?? '';
  if (text === '') return MOST;
  const limit = Number(text);
  return /^\d+$/.test(text) && limit >= 1 && limit <= MOST
    ? limit
    : invalid('MaxResults', `an integer from 1 to ${MOST}`);
}

/** SDKs send `TaskTypes` as a JSON array, RPC by hand `TaskTypes.1`, `TaskTypes.2`, … Unknown types find nothing. */
function typesFrom({ params }: ImmCall): readonly string[] {
  const flat = [...params].filter(([name]) => /^TaskTypes\.\d+$/.test(name)).map(([, value]) => value);
  const text = params.get('TaskTypes') ?? '';
  if (text === '') return flat;
  const list = parsed('TaskTypes', text);
  const texts = Array.isArray(list) && list.every((type) => typeof type === 'string');
  return texts ? [...flat, ...(list as readonly string[])] : invalid('TaskTypes', 'a JSON array of task types');
}

/** SDKs send `{"Start":…,"End":…}` as JSON, RPC by hand `StartTimeRange.Start`. */
function spanFrom({ params }: ImmCall, name: string): Span {
  const text = params.get(name) ?? '';
  const given = text === '' ? {} : parsed(name, text);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return invalid(name, 'JSON with Start and End');
  const time = (part: 'Start' | 'End'): number | undefined => {
    const at: unknown = (given as Readonly<Record<string, unknown>>)[part] ?? params.get(`${name}.${part}`) ?? '';
    if (at === '') return undefined;
    const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
    const ms = typeof at === 'string' && rfc3339.test(at) ? Date.parse(at) : Number.NaN;
    return Number.isNaN(ms) ? invalid(`${name}.${part}`, 'a time such as 2021-12-24T03:01:41.662Z') : ms;
  };
  const [from, to] = [time('Start'), time('End')];
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

const parsed = (name: string, text: string): unknown => jsonFrom(text) ?? invalid(name, 'JSON');

const tokenOf = (sort: TaskSort, { key, id }: TaskMark): string =>
  Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');

/** A token holds where the last page ended, in the order it was made for. */
function markFrom({ params }: ImmCall, sort: TaskSort): TaskMark | undefined {
  const text = params.get('NextToken') ?? '';
  if (text === '') return undefined;
  const wrong = () => invalid('NextToken', 'what an earlier answer with the same Sort gave');
  const token = jsonFrom(Buffer.from(text, 'base64url').toString('utf8'));
  if (!Array.isArray(token)) return wrong();
  const [of, key, id] = token as readonly unknown[];
  const fits = of === sort && typeof id === 'string' && typeof key === (sort === 'TaskId' ? 'string' : 'number');
  return fits ? { key: key as string | number, id } : wrong();
}

export default action;
