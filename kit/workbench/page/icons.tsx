/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

const drawings: Record<string, ComponentChildren> = {
  run: <path d="M5 3.5v9l7.5-4.5z" fill="currentColor" stroke-linejoin="round" />,
  all: <path d="M3 3.5v9L8.5 8zM8.5 3.5v9L14 8z" fill="currentColor" stroke-linejoin="round" />,
  above: <path d="M3 2.5h10M8 13.5v-7M4.5 9.5 8 6l3.5 3.5" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />,
  restart: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3" />,
  present: <path d="M2 3h12v7.5H2zM8 10.5v3M5.5 13.5h5" />,
  reset: <path d="M3 8a5 5 0 1 0 1.6-3.7M3 2v3h3M8 5.5V8l2 1.5" />,
  keys: <path d="M1.5 4.5h13v7h-13zM4 7h.01M6.7 7h.01M9.4 7h.01M12 7h.01M5 9.3h6" />,
  check: <path d="m3 8.5 3.5 3.5L13 4.5" />,
  add: <path d="M8 3v10M3 8h10" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  hint:
  <path d="M6 12h4M6.5 14h3M5.8 10A4 4 0 1 1 10.2 10c-.5.4-.7.9-.7 2h-3c0-1.1-.2-1.6-.7-2z" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14" />,
  half: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
};

export type IconName = keyof typeof drawings;

/** A small drawing beside words, which say the same. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="wb-icon"
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
    >
      {drawings[name]}
    </svg>
  );
}
