/** What is around every screen: the way between them, whether the server is there, language and light. */
import type { ComponentType } from 'preact';
import { namespace } from '../api/control.ts';
import { connected, tasks } from '../api/live.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Notices } from '../ui/say.tsx';
import { choose, language, languages, words } from './language.ts';
import { href, place } from './route.ts';
import { theme, themes } from './theme.ts';

const w = words(
  {
    skip: 'Skip to the content',
    screens: 'Screens',
    home: 'Home',
    objects: 'Objects',
    playground: 'Playground',
    tasks: 'Tasks',
    requests: 'Requests',
    controls: 'Controls',
    running: (n: number) => `${n} running`,
    live: 'Live',
    connecting: 'Connecting…',
    gone: 'Server gone',
    language: 'Language',
    theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    nowhere: 'There is no such screen.',
    namespace: (name: string) => `Namespace ${name}`,
  },
  {
    skip: '跳到内容',
    screens: '页面',
    home: '首页',
    objects: '对象',
    playground: '处理工坊',
    tasks: '任务',
    requests: '请求',
    controls: '控制',
    running: (n: number) => `${n} 个运行中`,
    live: '实时',
    connecting: '连接中…',
    gone: '服务器已断开',
    language: '语言',
    theme: { auto: '主题：跟随系统', light: '主题：浅色', dark: '主题：深色' },
    nowhere: '没有这个页面。',
    namespace: (name: string) => `命名空间 ${name}`,
  },
);

type ScreenName = Extract<IconName, 'home' | 'objects' | 'playground' | 'tasks' | 'requests' | 'controls'>;

/** The screens in the order of the navigation. */
export type Screens = Readonly<Record<ScreenName, ComponentType>>;

const pathOf = (name: string) => (name === 'home' ? '' : name);

function Navigation({ screens }: { readonly screens: Screens }) {
  const at = place.value.screen;
  const busy = tasks.value.filter(({ Status }) => Status === 'Running' || Status === 'Queued').length;
  return (
    <nav aria-label={w().screens}>
      {(Object.keys(screens) as ScreenName[]).map((name) => (
        <a key={name} href={href(pathOf(name))} aria-current={at === pathOf(name) ? 'page' : undefined}>
          <Icon name={name} />
          <span>{w()[name]}</span>
          {name === 'tasks' && busy > 0 && (
            <span class="count" title={w().running(busy)}>
              {busy}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}

function Status() {
  const state = connected.value === undefined ? 'connecting' : connected.value ? 'live' : 'gone';
  return (
    <p class={`connection ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {w()[state]}
    </p>
  );
}

function Preferences() {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'auto';
  return (
    <div class="preferences">
      <select
        aria-label={w().language}
        value={language.value}
        onChange={(event) => choose(event.currentTarget.value === 'zh' ? 'zh' : 'en')}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="quiet"
        aria-label={w().theme[theme.value]}
        title={w().theme[theme.value]}
        onClick={() => {
          theme.value = next;
        }}
      >
        <Icon name="theme" />
      </button>
    </div>
  );
}

export function Shell({ screens }: { readonly screens: Screens }) {
  const { screen } = place.value;
  const name = (screen === '' ? 'home' : screen) as ScreenName;
  const Screen = Object.hasOwn(screens, name) ? screens[name] : undefined;
  document.documentElement.lang = language.value;
  document.title = Screen === undefined ? 'Ossite' : `${w()[name]} · Ossite`;
  const ns = namespace();
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {w().skip}
      </button>
      <header class="side">
        <a class="brand" href={href('')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" />
            <circle cx="16" cy="16" r="8.5" class="ring" />
            <circle cx="16" cy="16" r="2.6" class="dot" />
          </svg>
          <span>Ossite</span>
        </a>
        <Navigation screens={screens} />
        <div class="foot">
          {ns !== '' && <p class="namespace">{w().namespace(ns)}</p>}
          <Status />
          <Preferences />
        </div>
      </header>
      <main id="content" tabIndex={-1} class={name}>
        {Screen === undefined ? <p>{w().nowhere}</p> : <Screen />}
      </main>
      <Notices />
    </div>
  );
}
