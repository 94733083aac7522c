/** The console: everything that can be seen of a running server, and changed in it, by looking. */
import './style/main.css';
import { render } from 'preact';
import { start } from './api/live.ts';
import { Shell } from './app/shell.tsx';
import { Controls } from './screens/controls/index.tsx';
import { Home } from './screens/home/index.tsx';
import { Objects } from './screens/objects/index.tsx';
import { Playground } from './screens/playground/index.tsx';
import { Requests } from './screens/requests/index.tsx';
import { Tasks } from './screens/tasks/index.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no place for the console');
start();
render(
  <Shell
    screens={{
      home: Home,
      objects: Objects,
      playground: Playground,
      tasks: Tasks,
      requests: Requests,
      controls: Controls,
    }}
  />,
  root,
);
