import DefaultTheme from 'vitepress/theme';
import './style.css';

// The one default export that the generator asks for.
export default DefaultTheme;
