/** The desktop shell. Nothing else may import @tauri-apps. */
import { invoke } from '@tauri-apps/api/core';
import { listen, type EventCallback } from '@tauri-apps/api/event';
import { asFailure } from '@/api/failure';
import type { Failure, FileRef } from '@/api/types';
import type { Picked, Platform } from './index';

async function asked<T>(command: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    throw asFailure(error);
  }
}

/** Listening begins later than it is asked for; ending it must reach it still. */
function listening<T>(event: string, handler: EventCallback<T>): () => void {
  const begun = listen<T>(event, handler);
  return () => void begun.then((end) => end());
}

export function tauri(): Platform {
  return {
    call: (command, request) => asked(command, { request }),
    pick: (kind, multiple) => asked('pick_file', { kind, multiple }),
    pickFolder: () => asked('pick_folder', {}),
    save: (file) => asked('save_file', { token: file.token }),
    onDrop(handler, hover, refused) {
      const ends = [
        listening<Picked>('files-dropped', (event) => handler(event.payload)),
        listening<boolean>('files-hover', (event) => hover?.(event.payload)),
        listening<Failure>('files-refused', (event) => refused?.(event.payload)),
      ];
      return () => ends.forEach((end) => end());
    },
    onClosing: (handler) => listening('window-closing', handler),
    answerClosing: (close) => asked('answer_close', { close }),
    onOpened: (handler) => listening<FileRef[]>('files-opened', (event) => handler(event.payload)),
  };
}
