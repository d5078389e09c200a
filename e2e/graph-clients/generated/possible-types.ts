
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "AdjustStockResult": [
      "OutOfStockProblem",
      "Product",
      "ProductNotFoundProblem",
      "ValidationFailedProblem"
    ],
    "CancelOrderResult": [
      "IdempotencyConflictProblem",
      "Order",
      "OrderNotFoundProblem",
      "OrderNotPendingProblem",
      "RequestInFlightProblem",
      "ValidationFailedProblem"
    ],
    "ChangePasswordResult": [
      "InvalidCredentialsProblem",
      "SessionsEnded",
      "TooManyAttemptsProblem",
      "ValidationFailedProblem"
    ],
    "CreateOrderResult": [
      "IdempotencyConflictProblem",
      "MixedCurrenciesProblem",
      "Order",
      "OutOfStockProblem",
      "ProductNotFoundProblem",
      "RequestInFlightProblem",
      "TooManyOpenOrdersProblem",
      "TooManyUnitsHeldProblem",
      "ValidationFailedProblem"
    ],
    "CreateProductResult": [
      "Product",
      "SkuTakenProblem",
      "ValidationFailedProblem"
    ],
    "LoginResult": [
      "InvalidCredentialsProblem",
      "Session",
      "TooManyAttemptsProblem"
    ],
    "LogoutResult": [
      "SessionsEnded",
      "ValidationFailedProblem"
    ],
    "OrderPreviewResult": [
      "MixedCurrenciesProblem",
      "OrderPreview",
      "ProductNotFoundProblem",
      "ValidationFailedProblem"
    ],
    "PayOrderResult": [
      "IdempotencyConflictProblem",
      "Order",
      "OrderNotFoundProblem",
      "OrderNotPendingProblem",
      "PaymentDeclinedProblem",
      "RequestInFlightProblem",
      "ValidationFailedProblem"
    ],
    "Problem": [
      "EmailTakenProblem",
      "IdempotencyConflictProblem",
      "IllegalTransitionProblem",
      "InvalidCredentialsProblem",
      "InvalidRefreshTokenProblem",
      "MixedCurrenciesProblem",
      "OrderNotFoundProblem",
      "OrderNotPaidProblem",
      "OrderNotPendingProblem",
      "OutOfStockProblem",
      "PaymentDeclinedProblem",
      "PaymentEventRefusedProblem",
      "PaymentNotFoundProblem",
      "PaymentNotRefundableProblem",
      "ProductNotFoundProblem",
      "RefundExceedsCapturedProblem",
      "RequestInFlightProblem",
      "SessionNotFoundProblem",
      "SkuTakenProblem",
      "TooManyAttemptsProblem",
      "TooManyOpenOrdersProblem",
      "TooManyUnitsHeldProblem",
      "ValidationFailedProblem",
      "VersionConflictProblem"
    ],
    "RecordPaymentEventResult": [
      "PaymentEvent",
      "PaymentEventRefusedProblem"
    ],
    "RefreshSessionResult": [
      "InvalidRefreshTokenProblem",
      "Session",
      "TooManyAttemptsProblem"
    ],
    "RefundPaymentResult": [
      "IdempotencyConflictProblem",
      "PaymentNotFoundProblem",
      "PaymentNotRefundableProblem",
      "Refund",
      "RefundExceedsCapturedProblem",
      "RequestInFlightProblem",
      "ValidationFailedProblem"
    ],
    "RegisterResult": [
      "EmailTakenProblem",
      "Session",
      "TooManyAttemptsProblem",
      "ValidationFailedProblem"
    ],
    "RevokeSessionResult": [
      "SessionNotFoundProblem",
      "SessionsEnded"
    ],
    "UpdateOrderStatusResult": [
      "IllegalTransitionProblem",
      "Order",
      "OrderNotFoundProblem",
      "OrderNotPaidProblem",
      "ValidationFailedProblem"
    ],
    "UpdateProductResult": [
      "Product",
      "ProductNotFoundProblem",
      "ValidationFailedProblem",
      "VersionConflictProblem"
    ],
    "UpdateProfileResult": [
      "User",
      "ValidationFailedProblem"
    ]
  }
};
      export default result;
    