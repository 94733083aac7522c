/** Asynchronous work: all of it, or one task. */
import { place } from '../../app/route.ts';
import { TaskList } from './list.tsx';
import { TaskPage } from './task.tsx';

export function Tasks() {
  const { id = '' } = place.value.params;
  return id === '' ? <TaskList /> : <TaskPage key={id} id={id} />;
}
