/** One set of icons, 16 × 16, drawn in the colour of the words beside them. */
export const ICONS = {
  home: 'M2.5 7.5 8 3l5.5 4.5M4 6.5V13h8V6.5M6.8 13V9.5h2.4V13',
  records: 'M4 2.5h6l2.5 2.5v8.5H4zM9.5 2.5V5.5h3M6 8h4.5M6 10.5h4.5',
  approval: 'M2.5 13.5h11M4 11h8V9.5H9.4l.5-4.2a1.9 1.9 0 1 0-3.8 0l.5 4.2H4z',
  verify: 'M8 2 3 4v4c0 3 2.2 4.9 5 6 2.8-1.1 5-3 5-6V4zM5.8 8l1.6 1.6 2.9-3.2',
  people: 'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.8 13c0-2.4 1.8-3.8 4.2-3.8s4.2 1.4 4.2 3.8M10.8 3.2a2.1 2.1 0 0 1 0 4M12 9.5c1.4.4 2.2 1.6 2.2 3.5',
  audit: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4M5.2 7l1.3 1.3L9 5.8',
  settings: 'M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  unlock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1',
  down: 'M4 6l4 4 4-4',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  add: 'M8 3v10M3 8h10',
  import: 'M8 2.5v7M5 6.8l3 3 3-3M2.5 10.5v3h11v-3',
  export: 'M8 9.5v-7M5 5.2l3-3 3 3M2.5 10.5v3h11v-3',
  print: 'M4.5 6V2.5h7V6M4.5 11H2.5V6h11v5h-2M4.5 9.5h7v4h-7z',
} as const;

export type IconName = keyof typeof ICONS;
