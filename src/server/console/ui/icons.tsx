/** The icons, drawn for this console: strokes on a grid of 24. */

const paths = {
  home: 'M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6',
  objects: 'M4 6h16v5H4zM4 13h16v5H4zM7.5 8.5h.01M7.5 15.5h.01',
  playground: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  tasks: 'M4 6l2 2 3-4M4 16l2 2 3-4M12 7h8M12 17h8',
  requests: 'M7 4v13M3.5 13.5L7 17l3.5-3.5M17 20V7M13.5 10.5L17 7l3.5 3.5',
  controls: 'M6 4v7M6 15v5M3.5 13h5M12 4v3M12 11v9M9.5 9h5M18 4v9M18 17v3M15.5 15h5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M4.5 12.5l5 5 10-11',
  cross: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  again: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14',
  left: 'M15 6l-6 6 6 6',
  trash: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  upload: 'M12 16V5M7.5 9L12 4.5 16.5 9M5 19.5h14',
  folder: 'M3.5 18.5v-13h6l2 2.5h9v10.5z',
  file: 'M6 3.5h8l4 4v13H6zM14 3.5v4h4',
  theme: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  external: 'M10 5H5v14h14v-5M14 5h5v5M19 5l-8 8',
} as const;

export type IconName = keyof typeof paths;

/** Beside words: it says nothing to a screen reader. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
