import { createApp } from 'vue'
import './style/tokens.css'
import './style/base.css'
import './colors'
import { renewWhileActive } from './api/renewal'
import App from './App.vue'
import { loadConfig } from './config'
import { router } from './router'

void loadConfig()
renewWhileActive()
createApp(App).use(router).mount('#app')
