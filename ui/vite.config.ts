import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import ElementPlus from 'unplugin-element-plus/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Element Plus measures in pixels, and the window's zoom is the size of a rem:
 * its lengths become rem, except hairlines and the conditions of media queries.
 */
function zoomable(): Plugin {
  const length = /@media[^{]*|(\d*\.?\d+)px\b/g;
  const rem = (pixels: number) => `${Number((pixels / 14).toFixed(4))}rem`;
  return {
    name: 'zoomable',
    enforce: 'pre',
    transform(code, id) {
      if (!/element-plus\/theme-chalk\/.*\.css/.test(id)) return undefined;
      return code.replace(length, (whole, pixels?: string) =>
        pixels === undefined || Number(pixels) < 4 ? whole : rem(Number(pixels)),
      );
    },
  };
}

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [
    vue(),
    zoomable(),
    // Adds the styles of a component where the component is imported.
    ...(mode === 'test' ? [] : [ElementPlus({})]),
  ],
  resolve: {
    alias: { '@locales': at('../locales'), '@': at('./src') },
  },
  define: {
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_PROD_DEVTOOLS__: false,
  },
  server: {
    host: '127.0.0.1',
    fs: { allow: ['.', '../locales'] },
    proxy: {
      '/api': 'http://127.0.0.1:7420',
      '/files': 'http://127.0.0.1:7420',
    },
  },
  build: {
    // Browsers of Kylin V10 and UOS 20 are some years behind.
    target: ['es2020', 'chrome87', 'firefox78', 'safari14'],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
  },
}));
