package app.damso;

import com.getcapacitor.BridgeActivity;

public class MainActivity extends BridgeActivity {}
