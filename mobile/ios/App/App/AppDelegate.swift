import UIKit
import Capacitor
import UserNotifications

@UIApplicationMain
class AppDelegate: UIResponder, UIApplicationDelegate {

    var window: UIWindow?

    func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
        return true
    }

    // The plugin for pushes hears of the token, or why there is none, through these two.
    func application(_ application: UIApplication, didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
        NotificationCenter.default.post(name: .capacitorDidRegisterForRemoteNotifications, object: deviceToken)
    }

    func application(_ application: UIApplication, didFailToRegisterForRemoteNotificationsWithError error: Error) {
        NotificationCenter.default.post(name: .capacitorDidFailToRegisterForRemoteNotifications, object: error)
    }

    // What was read on another device is taken away here, and no message that came after it: the notifications of a chat
    // are a thread of their own, and each says which message it is of (rules N9, N14). The system may leave the number on
    // the icon alone when nothing is shown.
    func application(_ application: UIApplication,
                     didReceiveRemoteNotification userInfo: [AnyHashable: Any],
                     fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void) {
        guard userInfo["kind"] as? String == "read", let channel = userInfo["channel"] as? String else {
            completionHandler(.noData)
            return
        }
        let upTo = userInfo["seq"] as? Int ?? 0
        let aps = userInfo["aps"] as? [String: Any]
        if let badge = aps?["badge"] as? Int {
            application.applicationIconBadgeNumber = badge
        }
        let center = UNUserNotificationCenter.current()
        center.getDeliveredNotifications { delivered in
            let read = delivered.filter { shown in
                let content = shown.request.content
                return content.threadIdentifier == channel && (content.userInfo["seq"] as? Int ?? 0) <= upTo
            }
            center.removeDeliveredNotifications(withIdentifiers: read.map { $0.request.identifier })
            completionHandler(.newData)
        }
    }

    func application(_ application: UIApplication,
                     configurationForConnecting connectingSceneSession: UISceneSession,
                     options: UIScene.ConnectionOptions) -> UISceneConfiguration {
        let config = UISceneConfiguration(name: "Default Configuration",
                                          sessionRole: connectingSceneSession.role)
        config.delegateClass = SceneDelegate.self
        return config
    }
}
