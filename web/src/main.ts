import { createApp } from 'vue'
import './style/element'
import './style/base.css'
import './colors'
import App from './App.vue'
import { loadConfig } from './config'
import { i18n } from './i18n'
import { router } from './router'

void loadConfig()
createApp(App).use(i18n).use(router).mount('#app')
